package retl.aws.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import retl.core.credential.CredentialStore;
import retl.core.credential.ModelUses;
import retl.core.credential.SecretStore;
import retl.core.credential.Unfinished;
import retl.core.model.ModelStore;
import retl.core.source.SourceStore;
import retl.core.validation.ValidationStore;

/**
 * The stores as maps, each call one atomic effect, with the rules that the real ones keep by their
 * conditions.
 */
final class MemoryWorld implements World {
  private final MemoryAudits audits = new MemoryAudits();
  private final MemoryCredentials credentials;
  private final MemorySecrets secrets;
  private final MemoryTasks tasks;
  private final MemoryModels models;
  private final MemorySources sources;

  /**
   * A world without some of its rules.
   *
   * @param off the rules that are left out
   */
  MemoryWorld(Failpoints failpoints, Set<Guard> off) {
    credentials = new MemoryCredentials(failpoints, off, audits);
    secrets = new MemorySecrets(failpoints);
    tasks = new MemoryTasks(failpoints, audits);
    models = new MemoryModels(failpoints, off, audits, credentials);
    sources = new MemorySources(failpoints, off, audits, models);
  }

  @Override
  public CredentialStore credentials() {
    return credentials;
  }

  @Override
  public SecretStore secrets() {
    return secrets;
  }

  @Override
  public Unfinished.Store notes() {
    return credentials;
  }

  @Override
  public ModelUses uses() {
    return models;
  }

  @Override
  public ModelStore models() {
    return models;
  }

  @Override
  public ValidationStore validations() {
    return tasks;
  }

  @Override
  public SourceStore sources() {
    return sources;
  }

  @Override
  public State state() {
    Map<String, Map<String, String>> readable = new HashMap<>();
    secrets.secrets.forEach((path, secret) -> readable.put(path, secret.values()));
    List<Row> visible =
        credentials.rows.values().stream()
            .filter(row -> !row.pending)
            .map(row -> new Row(row.workspace, row.credential, row.modelCount))
            .toList();
    return new State(
        readable,
        visible,
        credentials.rows.size() - visible.size(),
        Map.copyOf(credentials.names),
        List.copyOf(audits.rows),
        models.state(),
        sources.state(),
        visible
            + " "
            + credentials.names
            + credentials.notes.keySet()
            + audits.rows
            + models.state()
            + sources.state()
            + tasks.tasks);
  }
}
