"""Arrows go one way: what each layer may import of the others. Whoever changes this changes docs/architecture.md."""

import sys

import pytest

from tests.architecture.sources import Source, sources

FOUNDATION = {"settings", "settings_text", "clock", "sealing", "private_files"}
"""Below the layers: values of the installation and the time; the domain does without them."""

MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "data": {"domain", *FOUNDATION},
    "live": {"domain", *FOUNDATION},
    "integrations": {"domain", *FOUNDATION},
    "services": {"domain", "data", "live", "integrations", "texts", *FOUNDATION},
    "texts": {"domain"},
    "api": {"services", "data", "live", "domain", "texts", *FOUNDATION},
    "pages_visitor": {"services", "texts", "domain", *FOUNDATION},
    "state": {"services", "data", "live", "domain", "texts", *FOUNDATION},
    "demo": {"services", "data", "domain", "live", "texts", *FOUNDATION},
    "components": {"domain", "data", "texts"},
    "pages": {"components", "state", "domain", "data", "texts", *FOUNDATION},
}
ONLY_VIEWS = {"api", "state", "components", "pages"}
"""Of data/, these see the read models alone."""


def layer_of(module: str) -> str:
    return module.split(".")[1] if module.startswith("inbox_app.") else ""


def own_imports(source: Source) -> set[str]:
    return {module for module in source.imports() if module.startswith("inbox_app.")}


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_what_is_below_it(layer: str) -> None:
    wrong = [
        f"{source.shown} imports {module}"
        for source in sources()
        if source.layer == layer
        for module in own_imports(source)
        if layer_of(module) not in {layer, *MAY_IMPORT[layer]}
    ]
    assert not wrong, "\n".join(wrong)


def test_screens_and_api_see_only_the_read_models_of_data() -> None:
    allowed = ("inbox_app.data.views", "inbox_app.data.models", "inbox_app.data.ids")
    wrong = [
        f"{source.shown} imports {module}"
        for source in sources()
        if source.layer in ONLY_VIEWS
        for module in own_imports(source)
        if layer_of(module) == "data" and module != "inbox_app.data" and not module.startswith(allowed)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_directory_of_the_package_is_a_layer() -> None:
    directories = {source.layer for source in sources() if source.path.parent.name != "inbox_app"}
    assert directories <= {*MAY_IMPORT, "commands"}


def test_the_domain_needs_only_the_standard_library() -> None:
    wrong = [
        f"{source.shown} imports {module}"
        for source in sources()
        if source.layer == "domain"
        for module in source.imports()
        if module.split(".")[0] not in {*sys.stdlib_module_names, "inbox_app"}
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_below_the_screens_imports_reflex() -> None:
    below = {"domain", "data", "services", "live", "integrations", "texts"}
    wrong = [
        source.shown
        for source in sources()
        if source.layer in below and any(module.split(".")[0] == "reflex" for module in source.imports())
    ]
    assert not wrong, "\n".join(wrong)
