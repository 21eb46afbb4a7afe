package retl.aws.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.ModelUse;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.credential.Credential;
import retl.core.credential.CredentialStore;
import retl.core.credential.Credentials;
import retl.core.credential.ModelUses;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.StatusChange;
import retl.core.credential.Unfinished;
import retl.core.credential.Watch;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore;

/**
 * The stores as maps, each call one atomic effect, with the rules that the real ones keep by their
 * conditions.
 */
final class MemoryWorld
    implements World, CredentialStore, SecretStore, Unfinished.Store, ModelUses {
  private final Failpoints failpoints;
  private final Set<Guard> off;

  private final Map<String, Stored> rows = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Secret> secrets = new HashMap<>();
  private final Map<String, Secret> retired = new HashMap<>();
  private final Map<Unfinished, Note> notes = new HashMap<>();
  private final Map<String, ModelRow> models = new TreeMap<>();
  private final List<AuditRow> audits = new ArrayList<>();
  private final Tasks tasks = new Tasks();

  /** A rule that can be left out, to see that the plans notice. */
  enum Guard {
    NOTE_BEFORE_SECRET,
    NOTE_OF_OLD_SECRET,
    NOTE_OF_STALE_MODELS,
    CLAIM,
    VERSION,
    NAME_LOCK,
    MODEL_COUNT,
    AUDIT
  }

  MemoryWorld(Failpoints failpoints, Set<Guard> off) {
    this.failpoints = failpoints;
    this.off = off.isEmpty() ? EnumSet.noneOf(Guard.class) : EnumSet.copyOf(off);
  }

  private static final class Stored {
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

  private static final class Note {
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
      audits.add(
          new AuditRow(
              caller.workspace(), audit.at(), audit.action(), audit.resource(), audit.fields()));
    }
  }

  // CredentialStore

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

  private @Nullable Stored visible(String workspace, String id) {
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

  // SecretStore

  @Override
  public void put(Key key, Secret secret) {
    failpoints.around(
        () -> {
          if (retired.containsKey(key.path())) {
            throw new Failpoints.ServiceFailed();
          }
          Secret there = secrets.putIfAbsent(key.path(), secret);
          if (there != null && !there.equals(secret)) {
            throw new Failpoints.ServiceFailed();
          }
          return null;
        });
  }

  @Override
  public Secret get(Key key) {
    Secret secret = failpoints.around(() -> secrets.get(key.path()));
    if (secret == null) {
      throw new Failpoints.ServiceFailed();
    }
    return secret;
  }

  @Override
  public void retire(Key key) {
    failpoints.around(
        () -> {
          Secret secret = secrets.remove(key.path());
          if (secret != null) {
            retired.put(key.path(), secret);
          }
          return null;
        });
  }

  @Override
  public void deleteNow(Key key) {
    failpoints.around(() -> secrets.remove(key.path()));
  }

  // Unfinished.Store

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

  // ModelUses

  @Override
  public List<ModelUse> of(String workspace, String credentialId, int count) {
    return failpoints.around(
        () ->
            models.values().stream()
                .filter(model -> model.credentialId().equals(credentialId))
                .map(model -> new ModelUse(model.id(), model.id()))
                .limit(count)
                .toList());
  }

  @Override
  public int unverify(String workspace, String credentialId, int targetVersion) {
    int changed = 0;
    for (ModelRow model : List.copyOf(models.values())) {
      Integer with = model.verifiedWith();
      if (model.credentialId().equals(credentialId) && with != null && with < targetVersion) {
        failpoints.around(
            () -> models.replace(model.id(), new ModelRow(model.id(), credentialId, null)));
        changed++;
      }
    }
    return changed;
  }

  @Override
  public void removeRevisions(String workspace, String modelId) {
    failpoints.step();
  }

  @Override
  public void addModel(String workspace, String credentialId, String id, Instant now) {
    Stored row = visible(workspace, credentialId);
    if (row != null) {
      row.modelCount++;
      models.put(id, new ModelRow(id, credentialId, row.credential.targetVersion()));
    }
  }

  @Override
  public void removeModel(String workspace, String id) {
    ModelRow model = models.remove(id);
    Stored row = model == null ? null : rows.get(model.credentialId());
    if (row != null) {
      row.modelCount--;
    }
  }

  /** Validations of unsaved settings: only that they are there. */
  private final class Tasks implements ValidationStore {
    private final Map<String, Task> tasks = new HashMap<>();

    @Override
    public boolean create(Caller caller, Task task, Audit audit, @Nullable Receipt receipt) {
      return failpoints.around(
          () -> {
            tasks.put(task.validation().id(), task);
            audit(caller, audit);
            return true;
          });
    }

    @Override
    public Optional<Validation> find(String workspace, String id) {
      return findTask(workspace, id).map(Task::validation);
    }

    @Override
    public Optional<Task> findTask(String workspace, String id) {
      return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public Page<Validation> history(Caller caller, String credentialId, Page.Request page) {
      return new Page<>(List.of(), null);
    }

    @Override
    public void update(String workspace, Validation validation) {
      tasks.computeIfPresent(
          validation.id(),
          (id, task) -> new Task(validation, task.settings(), task.secretVersion()));
    }
  }

  // World

  @Override
  public CredentialStore credentials() {
    return this;
  }

  @Override
  public SecretStore secrets() {
    return this;
  }

  @Override
  public Unfinished.Store notes() {
    return this;
  }

  @Override
  public ModelUses uses() {
    return this;
  }

  @Override
  public ValidationStore validations() {
    return tasks;
  }

  @Override
  public State state() {
    Map<String, Map<String, String>> readable = new HashMap<>();
    secrets.forEach((path, secret) -> readable.put(path, secret.values()));
    List<Row> visible =
        rows.values().stream()
            .filter(row -> !row.pending)
            .map(row -> new Row(row.workspace, row.credential, row.modelCount))
            .toList();
    return new State(
        readable,
        visible,
        rows.size() - visible.size(),
        Map.copyOf(names),
        List.copyOf(audits),
        List.copyOf(models.values()),
        visible + " " + names + " " + notes.keySet() + " " + audits + " " + models + tasks.tasks);
  }
}
