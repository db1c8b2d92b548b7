package io.fairlead.deploy.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
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

  /** Where {@code make image} puts it. */
  static Path archive() {
    return Path.of(System.getProperty("fairlead.root", "")).resolve("target/image/fairlead.tar");
  }

  /** Loads them into the engine. */
  static void load() throws IOException {
    DockerClient docker = DockerClientFactory.lazyClient();
    try (InputStream image = Files.newInputStream(archive())) {
      docker.loadImageCmd(image).exec();
    }
    docker.tagImageCmd(FAIRLEAD, "fairlead", "next").exec();
  }

  static InspectImageResponse inspect(String image) {
    return DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
  }
}
