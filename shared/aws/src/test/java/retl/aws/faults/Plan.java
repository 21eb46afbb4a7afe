package retl.aws.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Ids;
import retl.core.IfMatch;
import retl.core.Name;
import retl.core.Receipt;
import retl.core.Refused;
import retl.core.Role;
import retl.core.credential.Credential;
import retl.core.credential.CredentialPatch;
import retl.core.credential.Credentials;
import retl.core.credential.NewCredential;
import retl.core.credential.PostgresSettings;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;
import retl.core.credential.Sweeper;
import retl.core.job.Job;
import retl.core.query.PickyGate;
import retl.core.validation.NewValidation;
import retl.core.validation.Validations;

/**
 * One plan: operations in an order, and faults at steps of them, all made from a seed; then a look
 * at what is left.
 */
final class Plan {
  private static final int OPERATIONS = 16;
  private static final int MAX_STEPS = 16;
  private static final List<String> WORKSPACES = List.of("w1", "w2");

  private final SplittableRandom random;
  private final World.Ticking clock = new World.Ticking();
  private final Failpoints failpoints = new Failpoints();
  private final World world;
  private final Credentials credentials;
  private final Validations validations;
  private final Sweeper sweeper;
  private final ModelOperations models;
  private final SourceOperations sources;

  /** Models are there from the start, and most operations are about their sources. */
  private final boolean isOfSources;

  /** Everything that an operation said: results, problems, exceptions. */
  private final StringBuilder said = new StringBuilder();

  private final List<String> canaries = new ArrayList<>();
  private final Map<String, Credential> acknowledged = new HashMap<>();
  private final Map<String, String> deleted = new HashMap<>();
  private final Map<String, Secret> written = new HashMap<>();
  private final List<String> ids = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private int counter;
  private int overtakings;
  private int hurried;

  Plan(long seed, World.Maker maker) {
    this.random = new SplittableRandom(seed);
    this.world = maker.make(failpoints, clock);
    Ids names = type -> type + "_" + "%026d".formatted(counter++);
    this.validations =
        new Validations(
            world.validations(),
            world.credentials(),
            world.secrets(),
            world.notes(),
            new PickyGate(),
            jobs::add,
            Plan::fail,
            names,
            clock);
    this.credentials =
        new Credentials(
            world.credentials(),
            world.secrets(),
            world.notes(),
            world.uses(),
            (caller, credential) -> {},
            Plan::fail,
            names,
            clock);
    this.models = new ModelOperations(random, world, names, clock);
    this.sources = new SourceOperations(random, world.sources(), models, names, clock);
    this.isOfSources = random.nextInt(3) == 0;
    this.sweeper =
        new Sweeper(
            world.notes(), world.credentials(), world.secrets(), world.uses(), change -> {}, clock);
  }

  private static void fail(Caller caller, String what, RuntimeException fault) {
    throw fault;
  }

  /**
   * Runs the plan, lets a quarter of an hour go by with the sweeper at work, and tells what does
   * not hold.
   */
  List<String> run() {
    if (isOfSources) {
      attempt(this::create);
      for (int i = 0; i < 3; i++) {
        attempt(this::createModel);
      }
    }
    for (int i = 0; i < OPERATIONS; i++) {
      clock.advance(Duration.ofSeconds(random.nextInt(40)));
      arm();
      attempt(operation());
      failpoints.disarm();
    }
    jobs.clear();
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofMinutes(5));
      attempt(this::sweep);
    }
    World.State state = world.state();
    List<String> broken =
        new ArrayList<>(new ModelInvariants(state, models.acknowledged, models.deleted).broken());
    broken.addAll(new SourceInvariants(state, sources.acknowledged, sources.deleted).broken());
    broken.addAll(
        new Invariants(state, acknowledged, deleted, written, canaries, said.toString()).broken());
    return broken;
  }

  private void arm() {
    Failpoints.Kind[] kinds = Failpoints.Kind.values();
    if (random.nextInt(4) > 0) {
      Failpoints.Kind kind = kinds[random.nextInt(kinds.length)];
      failpoints.arm(kind, random.nextInt(MAX_STEPS), this::overtake);
    }
  }

  // What overtakes may be overtaken in turn, but not for ever; and it may be that a sweep comes
  // before a slow writer
  // goes on.
  private void overtake() {
    if (overtakings++ > 20) {
      return;
    }
    if (random.nextInt(3) == 0 && hurried == 0) {
      clock.advance(Duration.ofMinutes(6));
      attempt(this::sweep);
    } else if (random.nextInt(4) == 0) {
      // Nothing else comes between a preview and the model that it verifies.
      attempt(() -> change(this::withOtherDatabase));
    } else {
      arm();
      attempt(operation());
      failpoints.disarm();
    }
  }

  private void attempt(Runnable operation) {
    try {
      operation.run();
    } catch (Refused e) {
      said.append(e.problem()).append('\n');
    } catch (RuntimeException e) {
      say(e);
    } catch (Failpoints.Killed e) {
      said.append("killed\n");
    }
  }

  private void say(Throwable e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    said.append(text);
  }

  private Runnable operation() {
    return isOfSources && random.nextInt(4) > 0 ? sources.any() : anyOperation();
  }

  private Runnable anyOperation() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> this::create;
      case 3 -> () -> change(this::renamed);
      case 4 -> () -> change(this::withOtherDatabase);
      case 5 -> () -> change(withOtherSecret(secret()));
      case 6 -> () -> change(withOtherHost(secret()));
      case 7 -> this::delete;
      case 8 -> this::validateUnsaved;
      case 9, 10, 11, 12, 13, 14, 15, 16, 17 -> this::model;
      case 18 -> sources.any();
      default -> this::sweep;
    };
  }

  private Caller caller(String workspace) {
    return new Caller(workspace, "tok_1", Role.ADMIN, "req-" + counter);
  }

  private Secret secret() {
    // A character of each kind that some encoding writes in another way.
    String value = "canary-" + canaries.size() + "-é\"\\/+& =%" + random.nextInt(1_000_000);
    canaries.add(value);
    return new Secret(Map.of("password", value));
  }

  private void create() {
    String workspace = WORKSPACES.get(random.nextInt(2));
    Secret secret = secret();
    NewCredential wanted =
        new NewCredential(new Name("Name " + random.nextInt(3)), settings("db"), secret, true);
    said.append(wanted).append('\n');
    Credential made = credentials.create(caller(workspace), wanted, Receipt.Writer.none());
    ids.add(workspace + "/" + made.id());
    acknowledge(workspace, made, secret);
  }

  private static PostgresSettings settings(String database) {
    return new PostgresSettings(
        "db.example.com", 5432, database, "reader", "require", "_rudderstack");
  }

  private void acknowledge(String workspace, Credential made, @Nullable Secret secret) {
    said.append(made).append('\n');
    acknowledged.merge(
        workspace + "/" + made.id(),
        made,
        (before, after) -> after.version() > before.version() ? after : before);
    if (secret != null) {
      written.put(Credentials.keyOf(workspace, made).path(), secret);
    }
  }

  private void change(Function<Credential, CredentialPatch> patch) {
    String[] key = any();
    if (key.length == 0) {
      return;
    }
    Secret[] given = {null};
    Credentials.Updated updated =
        credentials.update(
            caller(key[0]),
            key[1],
            random.nextBoolean() ? IfMatch.NONE : new IfMatch(true, true, java.util.Set.of()),
            before -> {
              CredentialPatch made = patch.apply(before);
              given[0] = made.secret();
              return made;
            });
    acknowledge(key[0], updated.credential(), given[0]);
  }

  private String[] any() {
    return ids.isEmpty() ? new String[0] : ids.get(random.nextInt(ids.size())).split("/", -1);
  }

  private CredentialPatch renamed(Credential before) {
    return new CredentialPatch("NAME " + random.nextInt(4), before.settings(), null);
  }

  private CredentialPatch withOtherDatabase(Credential before) {
    return new CredentialPatch(before.name(), settings("db" + random.nextInt(9)), null);
  }

  private static Function<Credential, CredentialPatch> withOtherSecret(Secret secret) {
    return before -> new CredentialPatch(before.name(), before.settings(), secret);
  }

  private Function<Credential, CredentialPatch> withOtherHost(Secret secret) {
    String host = "db" + random.nextInt(9) + ".example.com";
    PostgresSettings moved =
        new PostgresSettings(host, 5432, "db", "reader", "require", "_rudderstack");
    return before -> new CredentialPatch(before.name(), moved, secret);
  }

  private void delete() {
    String[] key = any();
    if (key.length > 0) {
      credentials.delete(caller(key[0]), key[1], IfMatch.NONE);
      deleted.put(key[0] + "/" + key[1], "deleted");
    }
  }

  private void model() {
    String[] key = any();
    if (key.length > 0) {
      models.any(key[0], key[1]).run();
    }
  }

  private void createModel() {
    String[] key = any();
    if (key.length > 0) {
      models.create(key[0], key[1]);
    }
  }

  // A function ends after 27 seconds. Saved credentials stand a slow writer all the same, these do
  // not.
  private void validateUnsaved() {
    hurried++;
    try {
      validateWhatIsNotSaved();
    } finally {
      hurried--;
    }
  }

  private void validateWhatIsNotSaved() {
    NewCredential.Access access = new NewCredential.Access(settings("db"), secret());
    validations.create(caller("w1"), new NewValidation.OfUnsaved(access), Receipt.Writer.none());
    Job job = jobs.removeLast();
    if (random.nextBoolean()) {
      SecretStore.Key key = new SecretStore.Key(job.workspace(), job.id(), 1);
      world.secrets().get(key);
      world.secrets().deleteNow(key);
    }
  }

  private void sweep() {
    sweeper.sweep(clock.instant().plus(Duration.ofHours(1)));
  }
}
