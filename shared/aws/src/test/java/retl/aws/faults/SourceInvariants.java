package retl.aws.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import retl.core.Name;
import retl.core.source.Source;

/**
 * What must hold of sources after any fault, beside what {@link ModelInvariants} holds of the
 * models that they use, and of what one idempotency key does.
 */
final class SourceInvariants {
  private final World.State state;
  private final Map<String, Source> rows = new HashMap<>();
  private final Map<String, Source> acknowledged;
  private final Collection<String> deleted;
  private final List<String> broken = new ArrayList<>();

  SourceInvariants(
      World.State state, Map<String, Source> acknowledged, Collection<String> deleted) {
    this.state = state;
    this.acknowledged = acknowledged;
    this.deleted = deleted;
    state.sources().rows().forEach(row -> rows.put(row.key(), row.source()));
  }

  List<String> broken() {
    namesAreUnique();
    acknowledgedIsReadable();
    everyChangeIsAudited();
    return broken;
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      broken.add(what);
    }
  }

  private void namesAreUnique() {
    Map<String, String> names = new HashMap<>();
    Map<String, String> listed = new HashMap<>();
    for (World.SourceRow row : state.sources().rows()) {
      String folded = Name.fold(row.source().name());
      String name = row.workspace() + "/" + folded;
      check(names.put(name, row.source().id()) == null, "I3: two sources: " + name);
      listed.put(row.modelKey() + "/" + folded, row.source().id());
    }
    check(
        names.equals(state.sources().names()),
        "I3: names " + state.sources().names() + " of sources " + names);
    check(
        listed.equals(state.sources().listed()),
        "I2: listed " + state.sources().listed() + " but used " + listed);
  }

  private void acknowledgedIsReadable() {
    acknowledged.forEach(
        (key, last) -> {
          Source row = rows.get(key);
          if (row == null) {
            check(count(key, "source.deleted") == 1, "I10: lost: " + key);
          } else {
            check(row.version() >= last.version(), "I10: a change is lost: " + key);
            check(row.version() != last.version() || row.equals(last), "I10: another: " + key);
          }
        });
    deleted.forEach(key -> check(!rows.containsKey(key), "I10: back again: " + key));
  }

  // A version for each change: as many as there are audit items, or an update was lost.
  private void everyChangeIsAudited() {
    rows.forEach(
        (key, source) -> {
          check(count(key, "source.created") == 1, "I13: not created once: " + key);
          check(count(key, "source.updated") == source.version() - 1, "I5, I13: changes of " + key);
        });
    deleted.forEach(key -> check(count(key, "source.deleted") == 1, "I13: deleted " + key));
  }

  private long count(String key, String action) {
    return state.audits().stream()
        .filter(audit -> (audit.workspace() + "/" + audit.resource()).equals(key))
        .filter(audit -> audit.action().equals(action))
        .count();
  }
}
