package retl.aws.faults;

import java.util.ArrayList;
import java.util.List;
import retl.core.Audit;
import retl.core.Caller;

/** The audit as a list. */
final class MemoryAudits {
  final List<World.AuditRow> rows = new ArrayList<>();

  void add(Caller caller, Audit audit) {
    rows.add(
        new World.AuditRow(
            caller.workspace(),
            audit.at(),
            audit.action(),
            audit.resource(),
            audit.fields(),
            audit.requestId()));
  }
}
