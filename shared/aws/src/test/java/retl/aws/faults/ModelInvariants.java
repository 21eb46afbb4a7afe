package retl.aws.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import retl.core.Name;
import retl.core.model.Model;
import retl.core.model.Revision;

/** What must hold of models a quarter of an hour after any fault. */
final class ModelInvariants {
  private final World.State state;
  private final Map<String, Model> rows = new HashMap<>();
  private final Map<String, Model> acknowledged;
  private final Collection<String> deleted;
  private final List<String> broken = new ArrayList<>();

  ModelInvariants(World.State state, Map<String, Model> acknowledged, Collection<String> deleted) {
    this.state = state;
    this.acknowledged = acknowledged;
    this.deleted = deleted;
    state.models().rows().forEach(row -> rows.put(row.key(), row.model()));
  }

  List<String> broken() {
    sourcesHaveModels();
    namesAreUnique();
    aKeyHasOneEffect();
    noUpdateIsLost();
    acknowledgedIsReadable();
    everyChangeIsAudited();
    modelsHaveCredentials();
    staleModelsAreUnverified();
    return broken;
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      broken.add(what);
    }
  }

  private void sourcesHaveModels() {
    Map<String, Long> used =
        state.sources().rows().stream()
            .collect(Collectors.groupingBy(World.SourceRow::modelKey, Collectors.counting()));
    rows.forEach(
        (key, model) ->
            check(model.sourceCount() == used.getOrDefault(key, 0L), "sources of " + key));
    check(rows.keySet().containsAll(used.keySet()), "I2: sources without a model: " + used);
  }

  private void namesAreUnique() {
    Map<String, String> names = new HashMap<>();
    state
        .models()
        .rows()
        .forEach(
            row -> {
              String name = row.workspace() + "/" + Name.fold(row.model().name());
              check(names.put(name, row.model().id()) == null, "I3: twice: " + name);
            });
    check(
        names.equals(state.models().names()),
        "I3: names " + state.models().names() + " of models " + names);
  }

  private void aKeyHasOneEffect() {
    Set<String> seen = new HashSet<>();
    for (World.AuditRow audit : state.audits()) {
      if (audit.requestId().startsWith("key-")) {
        String key = audit.workspace() + "/" + audit.requestId();
        check(seen.add(key), "I4: two effects of " + key);
      }
    }
  }

  // Whatever was acknowledged is a revision of its own, and the newest is the row.
  private void noUpdateIsLost() {
    Map<String, List<Revision>> revisions = state.models().revisions();
    check(
        rows.keySet().equals(revisions.keySet()),
        "revisions of " + revisions.keySet() + " but models " + rows.keySet());
    rows.forEach(
        (key, model) -> {
          List<Revision> kept = revisions.getOrDefault(key, List.of());
          check(
              kept.stream()
                  .map(Revision::number)
                  .toList()
                  .equals(IntStream.rangeClosed(1, model.revision()).boxed().toList()),
              "I5: revisions of " + key);
          check(!kept.isEmpty() && isSaved(model, kept.getLast()), "I5: the newest of " + key);
          Model last = acknowledged.get(key);
          check(
              last == null
                  || (kept.size() >= last.revision()
                      && isSaved(last, kept.get(last.revision() - 1))),
              "I5: lost: " + key);
        });
  }

  private static boolean isSaved(Model model, Revision revision) {
    return revision.sql().equals(model.sql())
        && revision.name().equals(model.name())
        && revision.credentialId().equals(model.credentialId())
        && String.valueOf(revision.description()).equals(String.valueOf(model.description()));
  }

  private void acknowledgedIsReadable() {
    acknowledged.forEach(
        (key, last) -> {
          Model row = rows.get(key);
          check(row != null || count(key, "model.deleted") == 1, "I10: lost: " + key);
          check(row == null || row.version() >= last.version(), "I10: older: " + key);
        });
    deleted.forEach(key -> check(!rows.containsKey(key), "I10: back again: " + key));
  }

  private long count(String key, String action) {
    return state.audits().stream()
        .filter(audit -> (audit.workspace() + "/" + audit.resource()).equals(key))
        .filter(audit -> audit.action().equals(action))
        .count();
  }

  private void everyChangeIsAudited() {
    rows.forEach(
        (key, model) -> {
          long changes = count(key, "model.updated") + count(key, "model.restored");
          check(count(key, "model.created") == 1, "I13: not created once: " + key);
          check(changes >= model.revision() - 1, "I13: changes of " + key);
          check(changes <= model.version() - 1, "I13: more than changes of " + key);
        });
    deleted.forEach(key -> check(count(key, "model.deleted") == 1, "I13: deleted " + key));
  }

  private void modelsHaveCredentials() {
    Map<String, Integer> counts = new HashMap<>();
    rows.values().forEach(model -> counts.merge(model.credentialId(), 1, Integer::sum));
    for (World.Row row : state.rows()) {
      Integer count = counts.remove(row.credential().id());
      check(
          row.modelCount() == (count == null ? 0 : count),
          "models of " + row.workspace() + "/" + row.credential().id());
    }
    check(counts.isEmpty(), "models without credentials: " + counts);
  }

  private void staleModelsAreUnverified() {
    Map<String, Integer> now = new HashMap<>();
    state.rows().forEach(row -> now.put(row.credential().id(), row.credential().targetVersion()));
    rows.forEach(
        (key, model) -> {
          Model.Verified verified = model.verified();
          check(
              verified == null
                  || Integer.valueOf(verified.targetVersion())
                      .equals(now.get(model.credentialId())),
              "verified when its credentials led elsewhere: " + key);
        });
  }
}
