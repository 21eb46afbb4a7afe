package retl.core.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;

/** Models in a map; what {@link #create} answers can be told to it. */
final class ModelsInMemory implements ModelStore {
  private static final int TRIES = 5;

  final Map<String, Model> kept = new HashMap<>();
  final List<Audit> audits = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();

  /** The revisions of each model, oldest first. */
  final Map<String, List<Revision>> revisions = new HashMap<>();

  /** What somebody else does just before the next changes are written. */
  final Queue<Runnable> meanwhile = new ArrayDeque<>();

  Created answer = Created.CREATED;

  @Override
  public Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt) {
    boolean isTaken = isTaken(caller, model);
    if (answer != Created.CREATED || isTaken) {
      return isTaken ? Created.NAME_TAKEN : answer;
    }
    kept.put(caller.workspace() + model.id(), model);
    keep(caller.workspace() + model.id(), Revision.of(model, audit.fields(), null, List.of()));
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return Created.CREATED;
  }

  private boolean isTaken(Caller caller, Model model) {
    return kept.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(caller.workspace()))
        .map(Map.Entry::getValue)
        .filter(other -> !other.id().equals(model.id()))
        .anyMatch(other -> Name.fold(other.name()).equals(Name.fold(model.name())));
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

  private void letOthersCome() {
    Runnable first = meanwhile.poll();
    if (first != null) {
      first.run();
    }
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit, @Nullable Receipt receipt) {
    letOthersCome();
    String key = caller.workspace() + change.before().id();
    if (!change.before().equals(kept.get(key))) {
      return Written.VERSION_CONFLICT;
    }
    if (isTaken(caller, change.after())) {
      return Written.NAME_TAKEN;
    }
    kept.put(key, change.after());
    Revision revision = change.revision();
    if (revision != null) {
      keep(key, revision);
    }
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return Written.WRITTEN;
  }

  private void keep(String key, Revision revision) {
    revisions.computeIfAbsent(key, none -> new ArrayList<>()).add(revision);
  }

  @Override
  public Optional<Revision> revision(String workspace, String modelId, int number) {
    return revisions.getOrDefault(workspace + modelId, List.of()).stream()
        .filter(revision -> revision.number() == number)
        .findFirst();
  }

  @Override
  public Page<Revision> revisions(Caller caller, String modelId, Page.Request page) {
    String key = caller.workspace() + modelId;
    return new Page<>(revisions.getOrDefault(key, List.of()).reversed(), null);
  }

  @Override
  public Deleted delete(Caller caller, Model model, Audit audit) {
    letOthersCome();
    String key = caller.workspace() + model.id();
    if (!model.equals(kept.get(key))) {
      return Deleted.VERSION_CONFLICT;
    }
    if (model.sourceCount() > 0) {
      return Deleted.IN_USE;
    }
    kept.remove(key);
    audits.add(audit);
    return Deleted.DELETED;
  }

  @Override
  public Optional<Model> find(String workspace, String id) {
    return Optional.ofNullable(kept.get(workspace + id));
  }

  @Override
  public Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page) {
    return new Page<>(kept.values().stream().map(Model::summary).toList(), null);
  }
}
