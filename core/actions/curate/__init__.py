"""What the Curate tab does, one file for each part of it.

source    load files, correct the mapping
scan      find the problems of a version, once
board     the checks with their counts; decide, undo, save
rows      look at rows, edit, add, tag them
numbers   know the set
subset    select rows
compose   put instructions to rows, mix datasets
record    versions, differences, data card, recipe
"""
