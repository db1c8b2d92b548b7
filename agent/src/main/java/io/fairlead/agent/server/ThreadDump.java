package io.fairlead.agent.server;

import java.util.Comparator;
import java.util.Map;

/** What every platform thread of this process is doing, as text. */
public final class ThreadDump {

  private ThreadDump() {}

  /** By the threads' names. It stops the process for the moment that it takes. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Thread::getName)))
        .forEach(entry -> {
          Thread thread = entry.getKey();
          text.append('"')
              .append(thread.getName())
              .append("\" ")
              .append(thread.getState())
              .append(thread.isDaemon() ? " daemon" : "")
              .append('\n');
          for (StackTraceElement frame : entry.getValue()) {
            text.append("    at ").append(frame).append('\n');
          }
          text.append('\n');
        });
    return text.toString();
  }
}
