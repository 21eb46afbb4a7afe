package retl.core.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;

/** Validations in a map, by workspace and id. */
final class ValidationsInMemory implements ValidationStore {
  final Map<String, Task> kept = new HashMap<>();
  final List<Validation> updates = new ArrayList<>();
  final List<Audit> audits = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();
  boolean knowsKey;
  boolean cannotUpdate;

  @Override
  public boolean create(Caller caller, Task task, Audit audit, @Nullable Receipt receipt) {
    if (knowsKey) {
      return false;
    }
    kept.put(caller.workspace() + task.validation().id(), task);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return true;
  }

  @Override
  public Optional<Validation> find(String workspace, String id) {
    return findTask(workspace, id).map(Task::validation);
  }

  @Override
  public Optional<Task> findTask(String workspace, String id) {
    return Optional.ofNullable(kept.get(workspace + id));
  }

  @Override
  public Page<Validation> history(Caller caller, String credentialId, Page.Request page) {
    return new Page<>(
        kept.values().stream()
            .map(Task::validation)
            .filter(validation -> credentialId.equals(validation.credentialId()))
            .toList(),
        null);
  }

  @Override
  public void update(String workspace, Validation validation) {
    if (cannotUpdate) {
      throw new IllegalStateException("told to fail");
    }
    Task task = findTask(workspace, validation.id()).orElseThrow();
    if (task.validation().status() == Validation.Status.RUNNING) {
      updates.add(validation);
      kept.put(
          workspace + validation.id(),
          new Task(validation, task.settings(), task.secretVersion(), task.sql()));
    }
  }
}
