package io.fairlead.deploy.container;

import com.github.dockerjava.api.model.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Containers that do nothing but hold their namespaces, as those that Kubernetes' pods begin with.
 */
final class Pause {

  private static final String SOURCE =
      """
      #include <unistd.h>
      int main(void) { for (;;) pause(); }
      """;

  private static final Path PROGRAM = compile();

  private Pause() {}

  private static Path compile() {
    try {
      Path folder = Path.of("target/pause").toAbsolutePath();
      Files.createDirectories(folder);
      Path source = Files.writeString(folder.resolve("pause.c"), SOURCE);
      Path program = folder.resolve("pause");
      String[] command = {"gcc", "-static", "-O2", "-o", program.toString(), source.toString()};
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException(String.join(" ", command) + " exited with " + exit);
      }
      return program;
    } catch (IOException e) {
      throw new IllegalStateException("the program that waits cannot be made", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  static GenericContainer<?> container() {
    return new GenericContainer<>(DockerImageName.parse(Images.FAIRLEAD))
        .withCreateContainerCmdModifier(command -> {
          command.withEntrypoint("/pause").withCmd();
          AgentContainer.host(command).withBinds(Bind.parse(PROGRAM + ":/pause:ro"));
        });
  }
}
