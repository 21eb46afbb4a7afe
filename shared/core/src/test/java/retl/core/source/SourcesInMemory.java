package retl.core.source;

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
import retl.core.Page;
import retl.core.Problem;
import retl.core.Receipt;
import retl.core.Refused;

/** Sources in a map; what the next writes answer can be told to it. */
final class SourcesInMemory implements SourceStore {
  private static final int TRIES = 5;

  final Map<String, Source> kept = new HashMap<>();
  final List<Audit> audits = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();
  final Queue<Created> creates = new ArrayDeque<>();
  final Queue<Written> updates = new ArrayDeque<>();
  final Queue<Deleted> deletes = new ArrayDeque<>();

  @Override
  public Created create(Caller caller, Source source, Audit audit, @Nullable Receipt receipt) {
    Created answer = creates.poll();
    if (answer != null) {
      return answer;
    }
    kept.put(caller.workspace() + source.id(), source);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return Created.CREATED;
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

  @Override
  public Written update(Caller caller, Source before, Source after, Audit audit) {
    Written answer = updates.poll();
    if (answer != null) {
      return answer;
    }
    kept.put(caller.workspace() + after.id(), after);
    audits.add(audit);
    return Written.WRITTEN;
  }

  @Override
  public Deleted delete(Caller caller, Source source, Audit audit) {
    Deleted answer = deletes.poll();
    if (answer != null) {
      return answer;
    }
    kept.remove(caller.workspace() + source.id());
    audits.add(audit);
    return Deleted.DELETED;
  }

  @Override
  public Optional<Source> find(String workspace, String id) {
    return Optional.ofNullable(kept.get(workspace + id));
  }

  @Override
  public Page<Source> list(Caller caller, Filter filter, Page.Request page) {
    return new Page<>(List.copyOf(kept.values()), null);
  }
}
