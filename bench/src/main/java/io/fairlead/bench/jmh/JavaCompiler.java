package io.fairlead.bench.jmh;

import java.util.ArrayList;
import java.util.List;

/** Which compilers of the JVM may work in a JVM that is measured. */
public enum JavaCompiler {
  /** C1 alone, which is how an agent runs: less memory, and its code is there soon. */
  C1(1),

  /** C1 first and then C2: the default of the JVM, what a long-running server has. */
  C2(4);

  private static final List<String> COMMON =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx512m",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED",
          // JMH still uses it.
          "--sun-misc-unsafe-memory-access=allow");

  private final int level;

  JavaCompiler(int level) {
    this.level = level;
  }

  /** All options of such a JVM. */
  public List<String> options() {
    List<String> options = new ArrayList<>(COMMON);
    options.add("-XX:TieredStopAtLevel=" + level);
    return options;
  }
}
