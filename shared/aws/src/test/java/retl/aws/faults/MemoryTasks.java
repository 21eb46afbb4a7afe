package retl.aws.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;
import retl.core.validation.Validation;
import retl.core.validation.ValidationStore;

/** Validations of unsaved settings: only that they are there. */
final class MemoryTasks implements ValidationStore {
  final Map<String, Task> tasks = new HashMap<>();
  private final Failpoints failpoints;
  private final MemoryAudits audits;

  MemoryTasks(Failpoints failpoints, MemoryAudits audits) {
    this.failpoints = failpoints;
    this.audits = audits;
  }

  @Override
  public boolean create(Caller caller, Task task, Audit audit, @Nullable Receipt receipt) {
    return failpoints.around(
        () -> {
          tasks.put(task.validation().id(), task);
          audits.add(caller, audit);
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
        (id, task) -> new Task(validation, task.settings(), task.secretVersion(), task.sql()));
  }
}
