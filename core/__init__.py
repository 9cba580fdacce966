"""What Tunebench does: files to datasets, datasets to tuned models, models to answers. Nothing here knows a screen."""
