"""Where a model lies: by its path, by its name in the catalog, or by the name under which it was exported."""

from pathlib import Path

from models.catalog import Catalog, load_catalog
from models.errors import PartMissingError, UnknownModelError
from models.pull import cached


def located(model: str | Path, cache_dir: Path) -> Path:
    """Return the .onnx of a model.

    Args:
        model: a path that ends in .onnx, or a name.
        cache_dir: where pulled and exported models are (models.pull.cache_folder).

    Raises:
        UnknownModelError: nobody knows the name; the message lists those that there are.
        PartMissingError: the catalog knows it, but it has not been pulled.
    """
    name = str(model)
    if name.endswith(".onnx"):
        return Path(model)
    catalog = load_catalog()
    own = exported(cache_dir, catalog)
    if name in own:
        return cache_dir / f"{name}.onnx"
    if name not in catalog.models:
        raise UnknownModelError(name, [*catalog.models, *own])
    path = cached(name, cache_dir, catalog)
    if path is None:
        why = f"it is not in the cache {cache_dir}, or no longer whole"
        raise PartMissingError(f"model {name}", why, f"Run: lukou models pull {name}")
    return path


def exported(cache_dir: Path, catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the models in the cache that did not come out of the catalog, in their order."""
    with_sidecar = {path.stem for path in cache_dir.glob("*.json")}
    return tuple(sorted(with_sidecar & {path.stem for path in cache_dir.glob("*.onnx")} - set(catalog.models)))
