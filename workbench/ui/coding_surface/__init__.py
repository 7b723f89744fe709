"""The coding surface: a whole interview to read, select in and code. It knows nothing of the store.

How a page uses it, in the script body (or the body of a `@session.fragment`), in this order::

    key = "surface"                     # fixed; the document may change under it
    done, refused = [], {}
    for op in drain(key):               # 1. before anything slow, oldest first
        # NOT the document on the screen: it may have been switched since the gesture
        text = text_of(op["document"], op["version"])
        try:
            validate_operation(op, text)
            apply_once(op)              # 2. at most once by op["op_id"]; one seen before counts as done
        except (ValueError, WorkbenchError) as error:
            refused[op["op_id"]] = str(error)
        else:
            done.append(op["op_id"])
    snapshot = ...                      # 3. from session state; a new one for another document, and when
                                        #    more than RESNAPSHOT_AFTER changes have followed it
    changes = changes_after(snapshot.revision)      # 4. read AFTER applying: what is acknowledged must be in
                                                    #    the snapshot or in the changes, else it vanishes
    mount(key=key, document=..., codes=..., codings=snapshot, operations=changes,
          acknowledged=done, refused=refused, coder=..., language=...)

`drain` gives an operation again in every run until the browser has sent something else, so step 2 must be
idempotent and answer each time. Operations arrive in the order of the gestures. Every operation holds
`op_id`, `kind`, `document` and `version`, and

=========  =====================================================================================
add        `coding_id` (made in the browser), `start`, `end`, `quote`, `code`, `memo`
remove     `coding_id`
recode     `coding_id`, `code`
memo       `coding_id`, `memo` (empty takes the memo away)
resize     `coding_id`, `start`, `end`, `quote`
undo redo  nothing more: the service takes back (or repeats) this coder's last change in the document
=========  =====================================================================================

Positions are half-open in Unicode code points; `validate_operation` holds `text[start:end] == quote`. Several
codes on one selection are several `add`s. What an undo changed goes back to the browser as changes.

In an AppTest: `at.session_state[key] = {"outbox": [op, ...]}` and run.
"""

from workbench.ui.coding_surface.mounting import RESNAPSHOT_AFTER, drain, mount
from workbench.ui.coding_surface.operations import KINDS, OperationKind, validate_operation
from workbench.ui.coding_surface.values import (
    SurfaceChange,
    SurfaceCode,
    SurfaceCoding,
    SurfaceDocument,
    SurfaceFilter,
    SurfaceFocus,
    SurfaceSnapshot,
    SurfaceState,
    SurfaceTurn,
)

__all__ = [
    "KINDS",
    "RESNAPSHOT_AFTER",
    "OperationKind",
    "SurfaceChange",
    "SurfaceCode",
    "SurfaceCoding",
    "SurfaceDocument",
    "SurfaceFilter",
    "SurfaceFocus",
    "SurfaceSnapshot",
    "SurfaceState",
    "SurfaceTurn",
    "drain",
    "mount",
    "validate_operation",
]
