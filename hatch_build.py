"""What a wheel carries beyond the package: front end, migrations, sample plans, translations.

An editable install reads all of it from the checkout, so that nothing goes stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLED = ("static/css", "static/js", "static/img", "static/vendor", "migrations", "floorplans")


class BundleHook(BuildHookInterface[Any]):
    """Adds the bundled folders to a standard wheel and refuses to build one without them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders for hatchling."""
        if version == "editable":
            return
        root = Path(self.root)
        missing = [folder for folder in BUNDLED if not (root / folder).is_dir()]
        if missing:
            message = f"{', '.join(missing)} missing: run 'make setup' before building a wheel"
            raise FileNotFoundError(message)
        build_data["force_include"].update(
            {str(root / folder): f"wlantrack/_bundle/{folder}" for folder in BUNDLED}
        )
