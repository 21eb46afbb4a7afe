package retl.functions.credentials;

import java.time.Clock;
import java.util.Map;
import retl.aws.Clients;
import retl.aws.DynamoSchedule;
import retl.aws.DynamoValidations;
import retl.aws.Environment;
import retl.aws.Receipts;
import retl.aws.Table;
import retl.core.schedule.Dispatcher;
import retl.core.schedule.Slots;

/** Puts the parts of the dispatcher together, from the environment of the function. */
public final class DispatchWiring {
  private final Dispatcher dispatcher;

  public DispatchWiring(Map<String, String> variables) {
    Environment environment =
        new Environment(variables)
            .require(Environment.TABLE, Environment.VALIDATION_QUEUE, Environment.VALIDATE_EVERY);
    Clock clock = Clock.systemUTC();
    Clients clients = new Clients(environment);
    Table table = new Table(clients.dynamo(), environment.get(Environment.TABLE));
    this.dispatcher =
        new Dispatcher(
            new DynamoSchedule(
                table, new DynamoValidations(table, new Receipts(table, clock), clock), clock),
            clients.dueQueue(environment.get(Environment.VALIDATION_QUEUE)),
            new Slots(Integer.parseInt(environment.get(Environment.VALIDATE_EVERY))));
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }
}
