"""What a person sees: one file per tab. Opens no files and loads no models; asks core.actions."""
