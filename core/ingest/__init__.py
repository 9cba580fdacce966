"""A file becomes a dataset: readers by format, shape detection, column mapping, problems by row number."""

from core.ingest.guess import suggest
from core.ingest.ingest import Ingested, ingest
from core.ingest.shapes import ACCEPTED, SHAPES, Field, Mapping, Shape

__all__ = ["ACCEPTED", "SHAPES", "Field", "Ingested", "Mapping", "Shape", "ingest", "suggest"]
