"""Reading a council’s own SEN2 person-level return, years 2023 to 2026.

`importer.import_return` takes a file; the other modules are its parts, in the order in which a
file passes through them: `reader` (XML, one person at a time), `years` and `codes` (what the
return of a year asks for), `parsing` (typed records), `validation` (rules across items), `mapping`
(a case and its history), `importer` (the database), `report` (what is told afterwards).
"""
