package io.fairlead.deploy.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import io.fairlead.deploy.Chart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** The images that tests run. */
final class Images {

  /** What {@code make image} built. */
  static final String FAIRLEAD = "fairlead:0.1.0-SNAPSHOT";

  /** The same under another name: what nodes are upgraded to. */
  static final String NEXT = "fairlead:next";

  private Images() {}

  /** The project's folder. */
  static Path root() {
    return Chart.ROOT;
  }

  /** Loads them into the engine. */
  static void load() throws IOException {
    DockerClient docker = DockerClientFactory.lazyClient();
    try (InputStream image = Files.newInputStream(root().resolve("target/image/fairlead.tar"))) {
      docker.loadImageCmd(image).exec();
    }
    docker.tagImageCmd(FAIRLEAD, "fairlead", "next").exec();
  }

  static InspectImageResponse inspect(String image) {
    return DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
  }
}
