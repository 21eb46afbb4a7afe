package retl.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import retl.standins.LambdaFunction;

/**
 * EventBridge Scheduler for the schedules of a template: it invokes each function in its minutes.
 * Minutes that passed while the machine slept are made up for, as far as a quarter of an hour back,
 * which is how long the deployment's schedules try.
 */
final class Schedule implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Schedule.class.getName());
  private static final String TIME = "<aws.scheduler.scheduled-time>";
  private static final int SECONDS = 60;
  private static final int MADE_UP_FOR = 15;
  private static final int LOOKS_EVERY_SECONDS = 5;

  private final List<Template.Schedule> schedules;
  private final Function<String, Optional<LambdaFunction>> functions;
  private final InstantSource clock;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private long lastMinute;

  /** With functions found by their logical id. */
  Schedule(
      List<Template.Schedule> schedules,
      Function<String, Optional<LambdaFunction>> functions,
      InstantSource clock) {
    this.schedules = schedules;
    this.functions = functions;
    this.clock = clock;
    this.lastMinute = minute();
  }

  /** Invokes from the next minute on. */
  static Schedule start(
      List<Template.Schedule> schedules,
      Function<String, Optional<LambdaFunction>> functions,
      InstantSource clock) {
    Schedule schedule = new Schedule(schedules, functions, clock);
    var _ =
        schedule.looks.scheduleWithFixedDelay(
            schedule::invokeDue, LOOKS_EVERY_SECONDS, LOOKS_EVERY_SECONDS, TimeUnit.SECONDS);
    return schedule;
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private long minute() {
    return Math.floorDiv(clock.instant().getEpochSecond(), SECONDS);
  }

  /** Invokes what has become due since the last time, minute by minute. */
  void invokeDue() {
    long now = minute();
    for (long minute = Math.max(lastMinute + 1, now - MADE_UP_FOR); minute <= now; minute++) {
      lastMinute = minute;
      for (Template.Schedule schedule : schedules) {
        if (minute % schedule.every().toMinutes() == 0) {
          invoke(schedule, minute);
        }
      }
    }
  }

  // A failure is told and no more: the next minute comes.
  private void invoke(Template.Schedule schedule, long minute) {
    Instant time = Instant.EPOCH.plus(Duration.ofMinutes(minute));
    String event = schedule.input().isEmpty() ? "{}" : schedule.input();
    try {
      functions
          .apply(schedule.function())
          .orElseThrow()
          .invoke(
              UUID.randomUUID().toString(),
              new ByteArrayInputStream(event.replace(TIME, time.toString()).getBytes(UTF_8)),
              new ByteArrayOutputStream());
    } catch (Exception | Error e) {
      LOG.log(Level.WARNING, schedule.function() + " failed for " + time, e);
    }
  }
}
