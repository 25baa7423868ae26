"""How Sphinx makes the documentation; `make.py` beside it runs it."""

from __future__ import annotations

from taixin import __version__

project = "Taixin Atlas 太忻规划图集"
author = "Taixin Atlas contributors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
html_theme = "furo"
html_title = f"Taixin Atlas {release}"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
