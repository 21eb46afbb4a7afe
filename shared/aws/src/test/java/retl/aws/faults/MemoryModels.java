package retl.aws.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.ModelUse;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.credential.Credential;
import retl.core.credential.ModelUses;
import retl.core.credential.Unfinished;
import retl.core.model.Model;
import retl.core.model.ModelStore;
import retl.core.model.ModelSummary;
import retl.core.model.Revision;
import retl.core.model.Samples;

/** Models as maps, with their revisions. */
final class MemoryModels implements ModelStore, ModelUses {
  private static final int TRIES = 40;

  private final Map<String, Model> rows = new TreeMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Map<Integer, Revision>> revisions = new TreeMap<>();
  private final Set<String> keys = new HashSet<>();
  private final Failpoints failpoints;
  private final Set<Guard> off;
  private final MemoryAudits audits;
  private final MemoryCredentials credentials;

  MemoryModels(
      Failpoints failpoints, Set<Guard> off, MemoryAudits audits, MemoryCredentials credentials) {
    this.failpoints = failpoints;
    this.off = off;
    this.audits = audits;
    this.credentials = credentials;
  }

  private boolean on(Guard guard) {
    return !off.contains(guard);
  }

  private static String key(String workspace, String id) {
    return workspace + "/" + id;
  }

  private static String nameKey(String workspace, Model model) {
    return workspace + "/" + Name.fold(model.name());
  }

  private boolean isRepeat(Caller caller, @Nullable Receipt receipt) {
    return receipt != null
        && on(Guard.MODEL_RECEIPT)
        && keys.contains(caller.workspace() + receipt.once());
  }

  private void wrote(Caller caller, Audit audit, @Nullable Receipt receipt) {
    if (receipt != null) {
      keys.add(caller.workspace() + receipt.once());
    }
    if (on(Guard.MODEL_AUDIT)) {
      audits.add(caller, audit);
    }
  }

  private void keep(String workspace, String id, Revision revision) {
    if (on(Guard.MODEL_REVISION)) {
      revisions
          .computeIfAbsent(key(workspace, id), none -> new TreeMap<>())
          .put(revision.number(), revision);
    }
  }

  private MemoryCredentials.@Nullable Stored usable(String workspace, Model model) {
    MemoryCredentials.Stored row = credentials.visible(workspace, model.credentialId());
    boolean fails = row != null && row.credential.status() == Credential.Status.FAILING;
    return row == null || fails || !isStillThere(row, model) ? null : row;
  }

  private boolean isStillThere(MemoryCredentials.Stored row, Model model) {
    Model.Verified verified = model.verified();
    return verified == null
        || !on(Guard.MODEL_TARGET)
        || verified.targetVersion() == row.credential.targetVersion();
  }

  @Override
  public Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt) {
    return failpoints.around(
        () -> {
          String workspace = caller.workspace();
          MemoryCredentials.Stored row = usable(workspace, model);
          if (isRepeat(caller, receipt)) {
            return Created.REPEATED;
          }
          if (on(Guard.MODEL_NAME) && names.containsKey(nameKey(workspace, model))) {
            return Created.NAME_TAKEN;
          }
          if (row == null) {
            return Created.CREDENTIAL_GONE;
          }
          row.modelCount++;
          names.put(nameKey(workspace, model), model.id());
          rows.put(key(workspace, model.id()), model);
          keep(workspace, model.id(), Revision.of(model, audit.fields(), null, List.of()));
          wrote(caller, audit, receipt);
          return Created.CREATED;
        });
  }

  @Override
  public <T> T onNewest(String workspace, String id, Function<Model, Optional<T>> attempt) {
    for (int i = 0; i < TRIES; i++) {
      Model model =
          find(workspace, id).orElseThrow(() -> new Refused(new Problem.NotFound("model")));
      Optional<T> result = attempt.apply(model);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw new Refused(new Problem.VersionConflict());
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit, @Nullable Receipt receipt) {
    return failpoints.around(() -> updateNow(caller, change, audit, receipt));
  }

  private Written updateNow(Caller caller, Change change, Audit audit, @Nullable Receipt receipt) {
    String workspace = caller.workspace();
    Model now = rows.get(key(workspace, change.before().id()));
    MemoryCredentials.Stored row = credentials.visible(workspace, change.after().credentialId());
    if (now == null
        || row == null
        || (on(Guard.MODEL_VERSION) && now.version() != change.before().version())) {
      return Written.VERSION_CONFLICT;
    }
    boolean isNewlyVerified =
        change.after().verified() != null
            && !change.after().verified().equals(change.before().verified());
    if (isNewlyVerified && !isStillThere(row, change.after())) {
      return Written.VERSION_CONFLICT;
    }
    String oldName = nameKey(workspace, change.before());
    String newName = nameKey(workspace, change.after());
    if (!oldName.equals(newName) && on(Guard.MODEL_NAME) && names.containsKey(newName)) {
      return Written.NAME_TAKEN;
    }
    if (isRepeat(caller, receipt)) {
      return Written.REPEATED;
    }
    if (on(Guard.MODEL_OLD_NAME)) {
      names.remove(oldName);
    }
    names.put(newName, now.id());
    if (on(Guard.MODEL_MOVES_COUNT)) {
      row.modelCount++;
      uncount(workspace, now);
    }
    rows.put(key(workspace, now.id()), Samples.withSources(change.after(), now.sourceCount()));
    Revision revision = change.revision();
    if (revision != null) {
      keep(workspace, now.id(), revision);
    }
    wrote(caller, audit, receipt);
    return Written.WRITTEN;
  }

  private void uncount(String workspace, Model model) {
    MemoryCredentials.Stored row = credentials.visible(workspace, model.credentialId());
    if (row != null) {
      row.modelCount--;
    }
  }

  @Override
  public Deleted delete(Caller caller, Model model, Audit audit) {
    return failpoints.around(
        () -> {
          String workspace = caller.workspace();
          Model now = rows.get(key(workspace, model.id()));
          if (now == null || now.version() != model.version()) {
            return Deleted.VERSION_CONFLICT;
          }
          if (on(Guard.SOURCE_COUNT) && now.sourceCount() > 0) {
            return Deleted.IN_USE;
          }
          rows.remove(key(workspace, model.id()));
          names.remove(nameKey(workspace, model));
          uncount(workspace, model);
          if (on(Guard.NOTE_OF_REVISIONS)) {
            credentials.notes.put(
                new Unfinished.LeftRevisions(workspace, model.id()),
                new MemoryCredentials.Note(audit.at()));
          }
          wrote(caller, audit, null);
          return Deleted.DELETED;
        });
  }

  /** Part of the effect of a source's store: whether a model is there. */
  boolean isThere(String workspace, String id) {
    return rows.containsKey(key(workspace, id));
  }

  /** Part of the effect of a source's store: a model has that many sources more. */
  void count(String workspace, String id, int by) {
    rows.computeIfPresent(key(workspace, id), (key, model) -> Samples.counted(model, by));
  }

  @Override
  public Optional<Model> find(String workspace, String id) {
    return failpoints.around(() -> Optional.ofNullable(rows.get(key(workspace, id))));
  }

  @Override
  public Optional<Revision> revision(String workspace, String modelId, int number) {
    return failpoints.around(
        () ->
            Optional.ofNullable(
                revisions.getOrDefault(key(workspace, modelId), Map.of()).get(number)));
  }

  @Override
  public Page<Revision> revisions(Caller caller, String modelId, Page.Request page) {
    throw new IllegalStateException("No plan lists.");
  }

  @Override
  public Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page) {
    throw new IllegalStateException("No plan lists.");
  }

  @Override
  public List<ModelUse> of(String workspace, String credentialId, int count) {
    return failpoints.around(
        () ->
            rows.values().stream()
                .filter(model -> model.credentialId().equals(credentialId))
                .map(model -> new ModelUse(model.id(), model.name()))
                .limit(count)
                .toList());
  }

  @Override
  public int unverify(String workspace, String credentialId, int targetVersion) {
    int changed = 0;
    for (String key : List.copyOf(rows.keySet())) {
      changed += failpoints.around(() -> unverifyNow(key, credentialId, targetVersion)) ? 1 : 0;
    }
    return changed;
  }

  private boolean unverifyNow(String key, String credentialId, int targetVersion) {
    Model model = rows.get(key);
    if (model == null || !model.credentialId().equals(credentialId)) {
      return false;
    }
    Model.Verified verified = model.verified();
    if (verified == null || verified.targetVersion() >= targetVersion) {
      return false;
    }
    rows.put(key, Samples.unverified(model));
    return true;
  }

  @Override
  public void removeRevisions(String workspace, String modelId) {
    failpoints.around(() -> revisions.remove(key(workspace, modelId)));
  }

  World.ModelState state() {
    List<World.ModelRow> models = new ArrayList<>();
    rows.forEach(
        (key, model) -> models.add(new World.ModelRow(key.substring(0, key.indexOf('/')), model)));
    Map<String, List<Revision>> kept = new TreeMap<>();
    revisions.forEach((key, each) -> kept.put(key, List.copyOf(each.values())));
    return new World.ModelState(models, Map.copyOf(names), kept);
  }
}
