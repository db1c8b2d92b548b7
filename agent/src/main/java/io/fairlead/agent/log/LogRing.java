package io.fairlead.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last lines of the log, for who comes too late to read them: at most {@value #LINES} events
 * and about {@value #CHARACTERS} characters, whichever is reached first. Thread-safe.
 */
public final class LogRing extends AppenderBase<ILoggingEvent> {

  static final int LINES = 2000;
  static final int CHARACTERS = 512 << 10;

  private static final LogRing OF_PROCESS = new LogRing();

  private final TextLayout layout = new TextLayout(false);
  private final Deque<String> lines = new ArrayDeque<>();
  private int characters;

  LogRing() {
    setName("ring");
  }

  /** The one that this process logs to. */
  public static LogRing ofProcess() {
    return OF_PROCESS;
  }

  @Override
  protected void append(ILoggingEvent event) {
    add(layout.doLayout(event));
  }

  /** Adds a line, with its line feed; one that is larger than all there is room for is cut. */
  void add(String line) {
    String kept = line.length() > CHARACTERS ? line.substring(0, CHARACTERS - 1) + "\n" : line;
    synchronized (lines) {
      lines.addLast(kept);
      characters += kept.length();
      while (lines.size() > LINES || characters > CHARACTERS) {
        characters -= lines.removeFirst().length();
      }
    }
  }

  /** The oldest first. */
  public String text() {
    synchronized (lines) {
      return String.join("", lines);
    }
  }
}
