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
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.source.Source;
import retl.core.source.SourceStore;

/** Sources as maps; they count on the models that they use. */
final class MemorySources implements SourceStore {
  private static final int TRIES = 40;

  private final Map<String, Source> rows = new TreeMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> listed = new HashMap<>();
  private final Set<String> keys = new HashSet<>();
  private final Failpoints failpoints;
  private final Set<Guard> off;
  private final MemoryAudits audits;
  private final MemoryModels models;

  MemorySources(Failpoints failpoints, Set<Guard> off, MemoryAudits audits, MemoryModels models) {
    this.failpoints = failpoints;
    this.off = off;
    this.audits = audits;
    this.models = models;
  }

  private boolean on(Guard guard) {
    return !off.contains(guard);
  }

  private static String nameKey(String workspace, Source source) {
    return workspace + "/" + Name.fold(source.name());
  }

  private static String listKey(String workspace, Source source) {
    return workspace + "/" + source.modelId() + "/" + Name.fold(source.name());
  }

  private void put(String workspace, Source source) {
    names.put(nameKey(workspace, source), source.id());
    listed.put(listKey(workspace, source), source.id());
    rows.put(workspace + "/" + source.id(), source);
  }

  private void audit(Caller caller, Audit audit) {
    if (on(Guard.SOURCE_AUDIT)) {
      audits.add(caller, audit);
    }
  }

  private boolean hasNoModel(String workspace, Source source) {
    return on(Guard.SOURCE_MODEL) && !models.isThere(workspace, source.modelId());
  }

  private boolean isTaken(String workspace, Source source) {
    return on(Guard.SOURCE_NAME) && names.containsKey(nameKey(workspace, source));
  }

  @Override
  public Created create(Caller caller, Source source, Audit audit, @Nullable Receipt receipt) {
    return failpoints.around(
        () -> {
          String workspace = caller.workspace();
          String key = receipt == null ? "none" : workspace + receipt.once();
          if (on(Guard.SOURCE_RECEIPT) && keys.contains(key)) {
            return Created.REPEATED;
          }
          if (hasNoModel(workspace, source)) {
            return Created.MODEL_GONE;
          }
          if (isTaken(workspace, source)) {
            return Created.NAME_TAKEN;
          }
          put(workspace, source);
          models.count(workspace, source.modelId(), 1);
          keys.add(key);
          audit(caller, audit);
          return Created.CREATED;
        });
  }

  @Override
  public <T> T onNewest(String workspace, String id, Function<Source, Optional<T>> attempt) {
    for (int i = 0; i < TRIES; i++) {
      Source source =
          find(workspace, id).orElseThrow(() -> new Refused(new Problem.NotFound("source")));
      Optional<T> result = attempt.apply(source);
      if (result.isPresent()) {
        return result.get();
      }
    }
    throw new Refused(new Problem.VersionConflict());
  }

  private boolean isStale(String workspace, Source before) {
    Source now = rows.get(workspace + "/" + before.id());
    return now == null || (on(Guard.SOURCE_VERSION) && now.version() != before.version());
  }

  @Override
  public Written update(Caller caller, Source before, Source after, Audit audit) {
    return failpoints.around(
        () -> {
          String workspace = caller.workspace();
          if (isStale(workspace, before)) {
            return Written.VERSION_CONFLICT;
          }
          boolean isMoved = !before.modelId().equals(after.modelId());
          if (isMoved && hasNoModel(workspace, after)) {
            return Written.MODEL_GONE;
          }
          boolean isRenamed = !nameKey(workspace, before).equals(nameKey(workspace, after));
          if (isRenamed && isTaken(workspace, after)) {
            return Written.NAME_TAKEN;
          }
          if (on(Guard.SOURCE_OLD_NAME)) {
            names.remove(nameKey(workspace, before));
          }
          if (on(Guard.SOURCE_LISTING)) {
            listed.remove(listKey(workspace, before));
          }
          put(workspace, after);
          if (isMoved) {
            models.count(workspace, after.modelId(), 1);
            models.count(workspace, before.modelId(), on(Guard.SOURCE_MOVES_COUNT) ? -1 : 0);
          }
          audit(caller, audit);
          return Written.WRITTEN;
        });
  }

  @Override
  public Deleted delete(Caller caller, Source source, Audit audit) {
    return failpoints.around(
        () -> {
          String workspace = caller.workspace();
          if (isStale(workspace, source)) {
            return Deleted.VERSION_CONFLICT;
          }
          rows.remove(workspace + "/" + source.id());
          names.remove(nameKey(workspace, source));
          listed.remove(listKey(workspace, source));
          models.count(workspace, source.modelId(), on(Guard.SOURCE_LEAVES_COUNT) ? -1 : 0);
          audit(caller, audit);
          return Deleted.DELETED;
        });
  }

  @Override
  public Optional<Source> find(String workspace, String id) {
    return failpoints.around(() -> Optional.ofNullable(rows.get(workspace + "/" + id)));
  }

  @Override
  public Page<Source> list(Caller caller, Filter filter, Page.Request page) {
    throw new IllegalStateException("No plan lists.");
  }

  World.SourceState state() {
    List<World.SourceRow> sources = new ArrayList<>();
    rows.forEach(
        (key, source) ->
            sources.add(new World.SourceRow(key.substring(0, key.indexOf('/')), source)));
    return new World.SourceState(sources, Map.copyOf(names), Map.copyOf(listed));
  }
}
