"""Files become a dataset: readers by format, shape detection, column mapping, problems by row number."""

from core.ingest.contents import packing_of
from core.ingest.folder import files_of
from core.ingest.formats import FORMATS, is_columnar
from core.ingest.guess import Guess, suggest
from core.ingest.hub import download, is_hub_id
from core.ingest.ingest import Ingested, Stopped, ingest, preview, read
from core.ingest.look import Preview, name_of, stem
from core.ingest.shapes import ACCEPTED, SHAPES, Field, Mapping, Shape
from core.ingest.source import File

__all__ = [
    "ACCEPTED",
    "FORMATS",
    "SHAPES",
    "Field",
    "File",
    "Guess",
    "Ingested",
    "Mapping",
    "Preview",
    "Shape",
    "Stopped",
    "download",
    "files_of",
    "ingest",
    "is_columnar",
    "is_hub_id",
    "name_of",
    "packing_of",
    "preview",
    "read",
    "stem",
    "suggest",
]
