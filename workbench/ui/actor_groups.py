"""The actor groups of a study as choices on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.i18n import label, t
from workbench.services.schemes import study_scheme
from workbench.services.studies import Study

NO_GROUP = ""


def group_labels(study: Study) -> dict[str, str]:
    """Labels of the scheme's actor groups by their ids; none without a scheme."""
    scheme = study_scheme(study)
    return {group.id: label(group.label) for group in scheme.actor_groups} if scheme is not None else {}


def group_label(group: str | None, labels: Mapping[str, str]) -> str:
    """What to call a group; one that the scheme does not have keeps its own name."""
    return labels.get(group, group) if group else t("transcripts.no_group")


def group_options(labels: Mapping[str, str], *present: str | None) -> list[str]:
    """Ids to choose from: none, the scheme's, and those present that it lacks."""
    others: Sequence[str] = [group for group in dict.fromkeys(present) if group and group not in labels]
    return [NO_GROUP, *labels, *others]
