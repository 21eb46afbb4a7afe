package retl.aws.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import retl.core.Name;
import retl.core.credential.Credential;
import retl.core.credential.Credentials;
import retl.core.credential.Secret;
import retl.standins.Disguises;

/** What must hold a quarter of an hour after any fault. */
final class Invariants {
  private final World.State state;
  private final Map<String, Credential> acknowledged;
  private final Map<String, String> deleted;
  private final Map<String, Secret> written;
  private final List<String> canaries;
  private final String said;
  private final List<String> broken = new ArrayList<>();

  Invariants(
      World.State state,
      Map<String, Credential> acknowledged,
      Map<String, String> deleted,
      Map<String, Secret> written,
      List<String> canaries,
      String said) {
    this.state = state;
    this.acknowledged = acknowledged;
    this.deleted = deleted;
    this.written = written;
    this.canaries = canaries;
    this.said = said;
  }

  List<String> broken() {
    rowsAreSecrets();
    namesAreUnique();
    acknowledgedIsReadable();
    everyChangeIsAudited();
    noSecretIsTold();
    return broken;
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      broken.add(what);
    }
  }

  private void rowsAreSecrets() {
    Set<String> wanted =
        state.rows().stream()
            .map(row -> Credentials.keyOf(row.workspace(), row.credential()).path())
            .collect(Collectors.toSet());
    check(state.pendingRows() == 0, "I1: a pending row is left");
    Set<String> orphans = new HashSet<>(state.secrets().keySet());
    orphans.removeAll(wanted);
    check(orphans.isEmpty(), "I1: secrets without a row: " + orphans);
    wanted.removeAll(state.secrets().keySet());
    check(wanted.isEmpty(), "I1: rows without a secret: " + wanted);
  }

  private void namesAreUnique() {
    Map<String, String> names = new HashMap<>();
    for (World.Row row : state.rows()) {
      String name = row.workspace() + "/" + Name.fold(row.credential().name());
      check(names.put(name, row.credential().id()) == null, "I3: a name is there twice: " + name);
    }
    check(names.equals(state.names()), "I3: names " + state.names() + " of rows " + names);
  }

  private void acknowledgedIsReadable() {
    Map<String, Credential> rows = new HashMap<>();
    state.rows().forEach(row -> rows.put(key(row), row.credential()));
    acknowledged.forEach(
        (key, last) -> {
          Credential row = rows.get(key);
          if (row == null) {
            check(isAudited(key, "credential.deleted"), "I10: lost: " + key);
          } else {
            check(!deleted.containsKey(key), "I10: back again: " + key);
            check(row.version() >= last.version(), "I10: a change is lost: " + key);
            check(row.version() != last.version() || row.equals(last), "I10: another: " + key);
          }
        });
    state
        .secrets()
        .forEach(
            (path, values) -> {
              Secret secret = written.get(path);
              check(
                  secret == null || secret.values().equals(values), "I10: another secret: " + path);
            });
  }

  private static String key(World.Row row) {
    return row.workspace() + "/" + row.credential().id();
  }

  private boolean isAudited(String key, String action) {
    return count(key, action) == 1;
  }

  private long count(String key, String action) {
    return state.audits().stream()
        .filter(audit -> (audit.workspace() + "/" + audit.resource()).equals(key))
        .filter(audit -> audit.action().equals(action))
        .count();
  }

  private void everyChangeIsAudited() {
    for (World.Row row : state.rows()) {
      long updates = row.credential().version() - 1;
      check(isAudited(key(row), "credential.created"), "I13: not created once: " + key(row));
      check(count(key(row), "credential.updated") == updates, "I13: changes of " + key(row));
    }
    deleted
        .keySet()
        .forEach(key -> check(isAudited(key, "credential.deleted"), "I13: deleted " + key));
  }

  private void noSecretIsTold() {
    for (String canary : canaries) {
      for (String form : Disguises.of(canary)) {
        check(!state.text().contains(form), "I7: stored outside Secrets Manager");
        check(!said.contains(form), "I7: told");
      }
    }
  }
}
