package retl.aws.faults;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.SecretStore;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import retl.core.credential.Watch;

/** Credentials and notes of unfinished work as maps. */
final class MemoryCredentials implements CredentialStore, Unfinished.Store {
  final Map<String, Stored> rows = new HashMap<>();
  final Map<String, String> names = new HashMap<>();
  final Map<Unfinished, Note> notes = new HashMap<>();
  private final Failpoints failpoints;
  private final Set<Guard> off;
  private final MemoryAudits audits;

  MemoryCredentials(Failpoints failpoints, Set<Guard> off, MemoryAudits audits) {
    this.failpoints = failpoints;
    this.off = off;
    this.audits = audits;
  }

  static final class Stored {
    final String workspace;
    Credential credential;
    boolean pending;
    int lastSecret;
    int modelCount;

    Stored(String workspace, Credential credential) {
      this.workspace = workspace;
      this.credential = credential;
      this.pending = true;
      this.lastSecret = credential.secretVersion();
    }
  }

  static final class Note {
    final Instant since;
    boolean claimed;

    Note(Instant since) {
      this.since = since;
    }
  }

  private boolean on(Guard guard) {
    return !off.contains(guard);
  }

  private static String nameKey(String workspace, Credential credential) {
    return workspace + "/" + Name.fold(credential.name());
  }

  private static Unfinished.LooseSecret loose(String workspace, Credential credential) {
    return new Unfinished.LooseSecret(Credentials.keyOf(workspace, credential));
  }

  private void audit(Caller caller, Audit audit) {
    if (on(Guard.AUDIT)) {
      audits.add(caller, audit);
    }
  }

  @Override
  public Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    return failpoints.around(
        () -> {
          if (on(Guard.NAME_LOCK) && names.containsKey(nameKey(caller.workspace(), credential))) {
            return Begun.NAME_TAKEN;
          }
          names.put(nameKey(caller.workspace(), credential), credential.id());
          rows.put(credential.id(), new Stored(caller.workspace(), credential));
          if (on(Guard.NOTE_BEFORE_SECRET)) {
            notes.put(loose(caller.workspace(), credential), new Note(credential.createdAt()));
          }
          return Begun.BEGUN;
        });
  }

  @Override
  public boolean activate(
      Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt) {
    return failpoints.around(
        () -> {
          Stored row = rows.get(credential.id());
          if (row == null || !row.pending || !crossOut(loose(caller.workspace(), credential))) {
            return false;
          }
          row.pending = false;
          audit(caller, audit);
          return true;
        });
  }

  private boolean crossOut(Unfinished.LooseSecret secret) {
    Note note = notes.get(secret);
    if (on(Guard.CLAIM) && (note == null || note.claimed)) {
      return false;
    }
    notes.remove(secret);
    return true;
  }

  @Override
  public void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    failpoints.around(
        () -> {
          removePending(credential.id());
          return null;
        });
  }

  private void removePending(String id) {
    Stored row = rows.get(id);
    if (row != null && row.pending) {
      rows.remove(id);
      names.remove(nameKey(row.workspace, row.credential), id);
    }
  }

  @Override
  public Optional<Integer> takeSecretVersion(Caller caller, String id, Instant now) {
    return failpoints.around(
        () -> {
          Stored row = visible(caller.workspace(), id);
          if (row == null) {
            return Optional.empty();
          }
          int version = ++row.lastSecret;
          if (on(Guard.NOTE_BEFORE_SECRET)) {
            SecretStore.Key key = new SecretStore.Key(caller.workspace(), id, version);
            notes.put(new Unfinished.LooseSecret(key), new Note(now));
          }
          return Optional.of(version);
        });
  }

  @Nullable Stored visible(String workspace, String id) {
    Stored row = rows.get(id);
    return row == null || row.pending || !row.workspace.equals(workspace) ? null : row;
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit) {
    return failpoints.around(() -> updateNow(caller, change, audit));
  }

  private Written updateNow(Caller caller, Change change, Audit audit) {
    String workspace = caller.workspace();
    Stored row = visible(workspace, change.before().id());
    if (row == null
        || (on(Guard.VERSION) && row.credential.version() != change.before().version())) {
      return Written.VERSION_CONFLICT;
    }
    String oldName = nameKey(workspace, change.before());
    String newName = nameKey(workspace, change.after());
    if (!oldName.equals(newName) && on(Guard.NAME_LOCK) && names.containsKey(newName)) {
      return Written.NAME_TAKEN;
    }
    if (change.hasNewSecret()) {
      if (!crossOut(loose(workspace, change.after()))) {
        return Written.SECRET_GONE;
      }
      if (on(Guard.NOTE_OF_OLD_SECRET)) {
        notes.put(loose(workspace, change.before()), new Note(audit.at()));
      }
    }
    Unfinished.StaleModels stale = change.stale();
    if (stale != null && on(Guard.NOTE_OF_STALE_MODELS)) {
      notes.put(stale, new Note(audit.at()));
    }
    names.remove(oldName);
    names.put(newName, row.credential.id());
    row.credential = change.after();
    audit(caller, audit);
    return Written.WRITTEN;
  }

  @Override
  public Deleted delete(Caller caller, Credential credential, Audit audit) {
    return failpoints.around(
        () -> {
          Stored row = visible(caller.workspace(), credential.id());
          if (row == null || row.credential.version() != credential.version()) {
            return Deleted.VERSION_CONFLICT;
          }
          if (row.modelCount > 0 && on(Guard.MODEL_COUNT)) {
            return Deleted.IN_USE;
          }
          rows.remove(credential.id());
          names.remove(nameKey(caller.workspace(), credential));
          notes.put(loose(caller.workspace(), credential), new Note(audit.at()));
          audit(caller, audit);
          return Deleted.DELETED;
        });
  }

  @Override
  public boolean giveUp(Unfinished.LooseSecret secret) {
    Note note = failpoints.around(() -> claim(secret));
    if (note == null) {
      return false;
    }
    Stored row = failpoints.around(() -> rows.get(secret.key().owner()));
    if (row != null && row.credential.secretVersion() == secret.key().version()) {
      if (!row.pending) {
        return false;
      }
      failpoints.around(
          () -> {
            removePending(secret.key().owner());
            return null;
          });
    }
    return true;
  }

  private @Nullable Note claim(Unfinished.LooseSecret secret) {
    Note note = notes.get(secret);
    if (note != null) {
      note.claimed = true;
    }
    return note;
  }

  @Override
  public Optional<Credential> find(String workspace, String id) {
    return failpoints.around(
        () -> Optional.ofNullable(visible(workspace, id)).map(row -> row.credential));
  }

  @Override
  public Page<Credential> list(Caller caller, Filter filter, Page.Request page) {
    throw new IllegalStateException("No plan lists.");
  }

  @Override
  public Watch watch(String workspace, String id) {
    return Watch.NEW;
  }

  @Override
  public Optional<StatusChange> recordValidation(String workspace, Result result) {
    throw new IllegalStateException("No plan validates saved credentials.");
  }

  @Override
  public void note(Unfinished work, Instant since) {
    failpoints.around(() -> notes.put(work, new Note(since)));
  }

  @Override
  public List<Unfinished> olderThan(Instant time, int count) {
    return failpoints.around(
        () ->
            notes.entrySet().stream()
                .filter(note -> note.getValue().since.isBefore(time))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(Unfinished::toString))
                .limit(count)
                .toList());
  }

  @Override
  public void done(Unfinished work) {
    failpoints.around(() -> notes.remove(work));
  }
}
