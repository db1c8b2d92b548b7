package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;

/** What starting any program costs: less, nobody can do who executes one. */
final class ProcessContender implements Contender {

  private final LabNamespace namespace;
  private final Program program;

  /** Takes over the namespace. */
  ProcessContender(LabNamespace namespace) {
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return "floor: /bin/true";
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    return program.run("", "/bin/true");
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    program.run("", "/bin/true");
    return Applied.of(begin, System.nanoTime());
  }

  @Override
  public void close() {
    namespace.close();
  }
}
