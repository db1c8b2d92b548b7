package io.fairlead.deploy.container;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.ProgramOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** One execution of a CNI binary, whose output is short. */
final class Execution {

  private Execution() {}

  static ProgramOutput of(
      LabNamespace namespace, Path binary, Map<String, String> environment, String input)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(binary.toString());
    builder.environment().putAll(environment);
    Process process = namespace.start(builder);
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ProgramOutput(process.waitFor(), out, error);
  }
}
