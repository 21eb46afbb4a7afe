package retl.core.preview;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Receipt;

/** Previews in maps, by workspace and id. */
public final class PreviewsInMemory implements PreviewStore {
  /** What became of each. */
  public final Map<String, Preview> kept = new HashMap<>();

  /** What was written beside them. */
  public final List<Audit> audits = new ArrayList<>();

  public final List<Receipt> receipts = new ArrayList<>();

  /** Whether every idempotency key is known already. */
  public boolean knowsKey;

  final Map<String, List<String>> rows = new HashMap<>();
  final Set<String> unwanted = new HashSet<>();
  boolean cannotGiveUp;

  @Override
  public boolean create(Caller caller, Preview preview, Audit audit, @Nullable Receipt receipt) {
    if (knowsKey) {
      return false;
    }
    kept.put(caller.workspace() + preview.id(), preview);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return true;
  }

  @Override
  public Optional<Preview> find(String workspace, String id) {
    return Optional.ofNullable(kept.get(workspace + id));
  }

  @Override
  public Optional<Preview> start(String workspace, String id) {
    Optional<Preview> started =
        find(workspace, id)
            .filter(preview -> preview.status() == Preview.Status.QUEUED)
            .map(Preview::running);
    started.ifPresent(preview -> kept.put(workspace + id, preview));
    return started;
  }

  @Override
  public void finish(String workspace, Preview preview, List<String> its) {
    if (!find(workspace, preview.id()).orElseThrow().status().isOver()) {
      kept.put(workspace + preview.id(), preview);
      rows.put(workspace + preview.id(), its);
    }
  }

  @Override
  public void giveUp(String workspace, Preview failed) {
    if (cannotGiveUp) {
      throw new IllegalStateException("told to fail");
    }
    if (find(workspace, failed.id()).orElseThrow().status() == Preview.Status.QUEUED) {
      kept.put(workspace + failed.id(), failed);
    }
  }

  @Override
  public void cancel(Caller caller, Preview preview, Audit audit) {
    Preview now = find(caller.workspace(), preview.id()).orElseThrow();
    if (now.status() == Preview.Status.QUEUED) {
      kept.put(caller.workspace() + preview.id(), now.canceled(null));
      audits.add(audit);
    } else if (now.status() == Preview.Status.RUNNING) {
      unwanted.add(caller.workspace() + preview.id());
      audits.add(audit);
    }
  }

  @Override
  public boolean isCanceled(String workspace, String id) {
    return unwanted.contains(workspace + id);
  }

  @Override
  public List<String> rows(String workspace, String id, int from, int count) {
    return rows.getOrDefault(workspace + id, List.of()).stream().skip(from).limit(count).toList();
  }
}
