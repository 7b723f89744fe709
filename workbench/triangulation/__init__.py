"""Where words meet numbers: readings of estimates, links, verdicts and joint displays. Pure functions.

Nothing else in the workbench joins the two strands.
"""

from workbench.triangulation.evidence import (
    Aside,
    EvidenceItem,
    EvidenceValue,
    estimate_evidence,
    score_evidence,
    split_evidence,
)
from workbench.triangulation.joint_display import GroupCount, JointRow, build_side_by_side, display_caveats
from workbench.triangulation.links import (
    LINK_LEVELS,
    Link,
    LinkLevel,
    LinkTarget,
    link_level,
    links_from_crosswalk,
    parse_target,
)
from workbench.triangulation.periods import parts_of_longer, period_span
from workbench.triangulation.proposals import Proposal, propose
from workbench.triangulation.readings import (
    Difference,
    EstimateReading,
    classify_estimate,
    subgroup_difference,
)
from workbench.triangulation.verdicts import (
    HANDLINGS,
    VERDICTS,
    VOCABULARIES,
    ConfirmedVerdict,
    Verdict,
    VerdictId,
    Vocabulary,
    verdict,
    verdict_name,
)

__all__ = [
    "HANDLINGS",
    "LINK_LEVELS",
    "VERDICTS",
    "VOCABULARIES",
    "Aside",
    "ConfirmedVerdict",
    "Difference",
    "EstimateReading",
    "EvidenceItem",
    "EvidenceValue",
    "GroupCount",
    "JointRow",
    "Link",
    "LinkLevel",
    "LinkTarget",
    "Proposal",
    "Verdict",
    "VerdictId",
    "Vocabulary",
    "build_side_by_side",
    "classify_estimate",
    "display_caveats",
    "estimate_evidence",
    "link_level",
    "links_from_crosswalk",
    "parse_target",
    "parts_of_longer",
    "period_span",
    "propose",
    "score_evidence",
    "split_evidence",
    "subgroup_difference",
    "verdict",
    "verdict_name",
]
