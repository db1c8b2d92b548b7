package io.fairlead.agent.history;

import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.table.OperationTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a round does while it does it. Nothing is written out: an operation costs a reference.
 * For the reconciling thread only.
 */
public final class RoundRecorder {

  /** So many events of a round are kept, and so many operations of a subsystem in it. */
  static final int MOST = 24;

  private static final int MOST_CAUSES = 8;
  private static final int LONGEST_SENTENCE = 500;

  private final History history;
  private final LongSupplier nanoTime;
  private List<ObjectEvent> events = new ArrayList<>();
  private List<String> causes = new ArrayList<>();
  private List<Doing> doings = new ArrayList<>();
  private int left;
  private boolean told;
  private long arrival;
  private boolean arrived;
  private long latency = -1;
  private long mark;
  private boolean auditing;

  /** A step that has not ended. */
  private static final class Doing {
    private final String subsystem;
    private final List<Object> operations = new ArrayList<>();
    private int left;
    private long nanoseconds;
    private String problem = "";

    private Doing(String subsystem) {
      this.subsystem = subsystem;
    }
  }

  /**
   * Begins with nothing.
   *
   * @param nanoTime the clock of the rounds
   */
  public RoundRecorder(History history, LongSupplier nanoTime) {
    this.history = history;
    this.nanoTime = nanoTime;
  }

  /** A round begins, or its subsystems are about to be called. */
  public void begin(long now) {
    mark = now;
  }

  /** An object changed; {@code since} is when the oldest change of the round came. */
  public void event(ObjectChange change, Effect effect, @Nullable ObjectKey service, long since) {
    if (effect == Effect.NONE) {
      return;
    }
    if (!arrived) {
      arrived = true;
      arrival = since;
    }
    if (events.size() >= MOST) {
      left++;
      return;
    }
    ObjectEvent event = ObjectEvent.of(change, effect, service);
    if (event != null) {
      events.add(event);
      told |= event.isTold();
    }
  }

  /** Why something is done, if no event asks for it; a sentence without a full stop. */
  public void because(String sentence) {
    if (causes.size() < MOST_CAUSES) {
      String brief = shortened(sentence);
      if (!causes.contains(brief)) {
        causes.add(brief);
      }
    }
  }

  /** From now on an audit is what something is done for. */
  public void audit(boolean begins) {
    auditing = begins;
  }

  /**
   * A subsystem changed the kernel.
   *
   * @param operations whose toString tells what was done; read later, so they must not change
   */
  public void did(String subsystem, List<?> operations) {
    if (operations.isEmpty()) {
      return;
    }
    if (auditing) {
      because("the audit found that the kernel was not as it should be");
    }
    Doing doing = doing(subsystem);
    int room = Math.max(0, MOST - doing.operations.size());
    int kept = Math.min(room, operations.size());
    doing.left += operations.size() - kept;
    if (operations instanceof OperationTexts texts) {
      doing.operations.addAll(texts.outlines(kept));
    } else {
      for (int i = 0; i < kept; i++) {
        Object operation = operations.get(i);
        doing.operations.add(operation instanceof String text ? shortened(text) : operation);
      }
    }
  }

  /** A subsystem returned; {@code problem} is a sentence if it failed. */
  public void returned(String subsystem, @Nullable String problem) {
    Doing doing = problem == null ? find(subsystem) : doing(subsystem);
    if (doing != null) {
      long now = nanoTime.getAsLong();
      doing.nanoseconds += now - mark;
      mark = now;
      doing.problem = problem == null ? "" : shortened(problem);
    }
  }

  /** What the cluster asked for has been committed. */
  public void committed(long now) {
    if (arrived && latency < 0) {
      latency = now - arrival;
    }
  }

  /** The round has ended: it becomes an entry, if it did anything. */
  public void end() {
    if (told || !causes.isEmpty() || !doings.isEmpty()) {
      history.add(round());
      causes = new ArrayList<>();
      doings = new ArrayList<>();
      events = new ArrayList<>();
    } else if (!events.isEmpty()) {
      events.clear();
    }
    left = 0;
    told = false;
    arrived = false;
    latency = -1;
  }

  private Round round() {
    List<Step> steps = new ArrayList<>(doings.size());
    int weight = 200;
    for (Doing doing : doings) {
      steps.add(
          new Step(
              doing.subsystem,
              List.copyOf(doing.operations),
              doing.left,
              doing.nanoseconds,
              doing.problem));
      weight += 150 + doing.problem.length();
      for (Object operation : doing.operations) {
        weight += OperationTexts.weight(operation);
      }
    }
    for (ObjectEvent event : events) {
      weight += event.weight();
    }
    for (String cause : causes) {
      weight += 60 + cause.length();
    }
    return new Round(
        history.next(),
        System.currentTimeMillis(),
        Round.steadyNow(),
        List.copyOf(events),
        left,
        latency,
        List.copyOf(causes),
        steps,
        weight);
  }

  private @Nullable Doing find(String subsystem) {
    for (Doing doing : doings) {
      if (doing.subsystem.equals(subsystem)) {
        return doing;
      }
    }
    return null;
  }

  private Doing doing(String subsystem) {
    Doing present = find(subsystem);
    if (present != null) {
      return present;
    }
    Doing fresh = new Doing(subsystem);
    doings.add(fresh);
    return fresh;
  }

  private static String shortened(String sentence) {
    return sentence.length() <= LONGEST_SENTENCE
        ? sentence
        : sentence.substring(0, LONGEST_SENTENCE) + "…";
  }
}
