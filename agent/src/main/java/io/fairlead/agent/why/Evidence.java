package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the kernel, and keeps what it did not tell: that never keeps a question from an answer. */
final class Evidence {

  private final List<String> problems = new ArrayList<>();

  /** Reads something of the kernel. */
  @FunctionalInterface
  interface Reading<T> {
    @Nullable T read() throws IOException;
  }

  /** Reads objects of the kernel. */
  @FunctionalInterface
  interface Objects {
    List<KernelObject> read() throws IOException;
  }

  List<KernelObject> of(Objects reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      note(e);
      return List.of();
    }
  }

  /** What the kernel told; null also if it did not. */
  <T> @Nullable T ask(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      note(e);
      return null;
    }
  }

  private void note(IOException cause) {
    String sentence = "The kernel could not be asked for everything: " + cause.getMessage();
    if (!problems.contains(sentence)) {
      problems.add(sentence);
    }
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
