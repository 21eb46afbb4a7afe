package retl.core;

import java.util.ArrayList;
import java.util.List;

/** Faults as lines: the request, what it was about, and the message. */
public final class NotedFaults implements FaultLog {
  public final List<String> lines = new ArrayList<>();

  @Override
  public void note(Caller caller, String what, RuntimeException fault) {
    lines.add(caller.requestId() + " " + what + " " + fault.getMessage());
  }
}
