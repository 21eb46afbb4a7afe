package retl.core.credential;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;

/** Credentials in maps, by workspace and id. */
public final class CredentialsInMemory implements CredentialStore {
  /** What readers see. */
  public final Map<String, Credential> active = new HashMap<>();

  /** What was begun and neither activated nor abandoned. */
  public final Map<String, Credential> pending = new HashMap<>();

  /** The audits, in their order. */
  public final List<Audit> audits = new ArrayList<>();

  /** The receipts, in their order. */
  public final List<Receipt> receipts = new ArrayList<>();

  /** What {@link #recordValidation} was told, in order. */
  public final List<String> recorded = new ArrayList<>();

  /** The changes, in their order. */
  public final List<Change> changes = new ArrayList<>();

  /** What somebody else does just before the next changes are written. */
  public final Queue<Runnable> meanwhile = new ArrayDeque<>();

  /** Whether models use the credentials. */
  public boolean inUse;

  /** What the schedule has found. */
  public Watch watch = Watch.NEW;

  /** The change of status that every recorded validation makes; null for none. */
  public @Nullable StatusChange change;

  private final Map<String, Integer> lastSecrets = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Set<Receipt.Once> keys = new HashSet<>();

  /** Makes credentials visible in a workspace. */
  public void add(String workspace, Credential credential) {
    names.add(name(workspace, credential));
    active.put(workspace + credential.id(), credential);
  }

  @Override
  public Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    if (once != null && keys.contains(once)) {
      return Begun.REPEATED;
    }
    if (!names.add(name(caller.workspace(), credential))) {
      return Begun.NAME_TAKEN;
    }
    if (once != null) {
      keys.add(once);
    }
    pending.put(caller.workspace() + credential.id(), credential);
    return Begun.BEGUN;
  }

  @Override
  public boolean activate(
      Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt) {
    pending.remove(caller.workspace() + credential.id());
    active.put(caller.workspace() + credential.id(), credential);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return true;
  }

  @Override
  public void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    pending.remove(caller.workspace() + credential.id());
    names.remove(name(caller.workspace(), credential));
    if (once != null) {
      keys.remove(once);
    }
  }

  @Override
  public Optional<Credential> find(String workspace, String id) {
    return Optional.ofNullable(active.get(workspace + id));
  }

  @Override
  public Page<Credential> list(Caller caller, Filter filter, Page.Request page) {
    return new Page<>(List.copyOf(active.values()), null);
  }

  @Override
  public Optional<Integer> takeSecretVersion(Caller caller, String id, Instant now) {
    return find(caller.workspace(), id)
        .map(credential -> lastSecrets.merge(id, credential.secretVersion() + 1, (a, b) -> a + 1));
  }

  @Override
  public Written update(Caller caller, Change change, Audit audit) {
    String workspace = caller.workspace();
    Runnable first = meanwhile.poll();
    if (first != null) {
      first.run();
    }
    Credential now = active.get(workspace + change.before().id());
    if (!change.before().equals(now)) {
      return Written.VERSION_CONFLICT;
    }
    boolean isRenamed = !name(workspace, change.before()).equals(name(workspace, change.after()));
    if (isRenamed && !names.add(name(workspace, change.after()))) {
      return Written.NAME_TAKEN;
    }
    if (isRenamed) {
      names.remove(name(workspace, change.before()));
    }
    active.put(workspace + change.after().id(), change.after());
    changes.add(change);
    audits.add(audit);
    return Written.WRITTEN;
  }

  @Override
  public Deleted delete(Caller caller, Credential credential, Audit audit) {
    if (inUse) {
      return Deleted.IN_USE;
    }
    if (!active.remove(caller.workspace() + credential.id(), credential)) {
      return Deleted.VERSION_CONFLICT;
    }
    names.remove(name(caller.workspace(), credential));
    audits.add(audit);
    return Deleted.DELETED;
  }

  @Override
  public boolean giveUp(Unfinished.LooseSecret secret) {
    return true;
  }

  @Override
  public Watch watch(String workspace, String id) {
    return watch;
  }

  @Override
  public Optional<StatusChange> recordValidation(String workspace, Result result) {
    Watch.Next next = result.next();
    recorded.add(
        result.credentialId()
            + " v"
            + result.secretVersion()
            + " "
            + next.status()
            + " "
            + result.last().code());
    return Optional.ofNullable(change);
  }

  private static String name(String workspace, Credential credential) {
    return workspace + "/" + Name.fold(credential.name());
  }
}
