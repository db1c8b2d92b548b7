package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.util.List;

/**
 * The least that can be done with ipvsadm: virtual and real servers only, without addresses,
 * without rules, without looking at what there is.
 */
final class IpvsadmRival implements Contender {

  /** How a change is made. */
  enum Variant {
    BULK("ipvsadm -R"),
    SINGLE("ipvsadm, one execution per operation");

    private final String title;

    Variant(String title) {
      this.title = title;
    }
  }

  private final Variant variant;
  private final LabNamespace namespace;
  private final Program program;

  /** Takes over the namespace. */
  IpvsadmRival(Variant variant, LabNamespace namespace) {
    this.variant = variant;
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return variant.title;
  }

  /** In bulk: all else would take minutes. */
  @Override
  public long load(Population population) throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int service = 0; service < population.services(); service++) {
      IpvsadmText.additions(service, population.addresses(service))
          .forEach(line -> lines.append(line).append('\n'));
    }
    long nanos = restore(lines.toString());
    return switch (variant) {
      case BULK -> nanos;
      case SINGLE -> NOT_MEASURED;
    };
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    List<String> lines = IpvsadmText.changes(change);
    long begin = System.nanoTime();
    switch (variant) {
      case BULK -> restore(String.join("\n", lines) + "\n");
      case SINGLE -> {
        for (String line : lines) {
          program.run("", IpvsadmText.command(line));
        }
      }
    }
    return Applied.of(begin, System.nanoTime());
  }

  private long restore(String lines) throws IOException, InterruptedException {
    return program.run(lines, "ipvsadm", "-R");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
