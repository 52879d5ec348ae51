"""Static files as the web server gets them, which the other tests do not: named by content."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders

from ehc.static_files import StaticFiles

IMPORTED = re.compile(r"""^(?:import|} from)\b.*?["'](\./[^"']+)["'];""", re.M)


def test_a_script_imports_others_by_the_names_they_are_stored_under(tmp_path: Path) -> None:
    storage = StaticFiles(location=str(tmp_path))
    found = {
        name: (source, name)
        for finder in get_finders()
        for name, source in finder.list([])
        if name.endswith(".js") and not name.startswith("build/")
    }
    for name, (source, _) in found.items():
        storage.save(name, source.open(name))
    for _, _, problem in storage.post_process(found):
        assert not isinstance(problem, Exception), problem
    entry = tmp_path / storage.stored_name("advice-writing.js")
    imported = [entry.parent / name for name in IMPORTED.findall(entry.read_text())]
    assert len(imported) == 3
    assert all(file.exists() and re.search(r"\.[0-9a-f]{12}\.js$", file.name) for file in imported)
