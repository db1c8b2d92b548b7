package io.fairlead.deploy.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.fairlead.deploy.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a kubelet makes of a container's securityContext and volumeMounts, for Docker. It fails on
 * whatever it does not know, so nothing of the DaemonSet is left out in silence.
 */
final class Confinement {

  private final Machine machine;
  private final JsonNode pod;
  private final JsonNode container;

  Confinement(Machine machine, JsonNode pod, JsonNode container) {
    this.machine = machine;
    this.pod = pod;
    this.container = container;
  }

  /** "0:0". */
  String user() {
    JsonNode context = context();
    return context.path("runAsUser").asText() + ":" + context.path("runAsGroup").asText();
  }

  private JsonNode context() {
    return container.path("securityContext");
  }

  /** The capabilities that are given back after all were taken. */
  Set<Capability> capabilities() {
    Set<Capability> given = new HashSet<>();
    JsonNode capabilities = context().path("capabilities");
    if (!Chart.words(capabilities.path("drop")).equals(List.of("ALL"))) {
      throw new AssertionError("capabilities are not all dropped: " + capabilities);
    }
    Chart.words(capabilities.path("add")).forEach(name -> given.add(Capability.valueOf(name)));
    return given;
  }

  /** Applies all of it but for the capabilities, which are {@code given}. */
  void apply(HostConfig host, Set<Capability> given) throws IOException {
    host.withPrivileged(context().path("privileged").asBoolean())
        .withReadonlyRootfs(context().path("readOnlyRootFilesystem").asBoolean())
        .withCapDrop(Capability.ALL)
        .withCapAdd(given.toArray(Capability[]::new))
        .withSecurityOpts(securityOptions());
    mount(host);
  }

  private List<String> securityOptions() throws IOException {
    List<String> options = new ArrayList<>();
    if (!context().path("allowPrivilegeEscalation").asBoolean(true)) {
      options.add("no-new-privileges");
    }
    JsonNode profile = context().path("seccompProfile");
    switch (profile.path("type").asText()) {
      case "RuntimeDefault" -> {} // Docker's own.
      case "Localhost" ->
          options.add("seccomp=" + localProfile(profile.path("localhostProfile").asText()));
      default -> throw new AssertionError("an unknown seccompProfile: " + profile);
    }
    return options;
  }

  /** As a kubelet: below its folder, where the init container has put it. */
  private String localProfile(String name) throws IOException {
    return Files.readString(machine.host(Path.of("/var/lib/kubelet/seccomp", name)));
  }

  private void mount(HostConfig host) throws IOException {
    List<Bind> binds = new ArrayList<>();
    Map<String, String> memory = new HashMap<>();
    for (JsonNode mount : container.path("volumeMounts")) {
      String mode = mount.path("readOnly").asBoolean() ? "ro" : "rw";
      String path = mount.path("mountPath").asText();
      JsonNode volume = volume(mount.path("name").asText());
      if (volume.has("emptyDir")) {
        memory.put(path, "size=64m");
      } else {
        binds.add(Bind.parse(source(volume) + ":" + path + ":" + mode));
      }
    }
    host.withBinds(binds).withTmpFs(memory);
  }

  private JsonNode volume(String name) {
    for (JsonNode volume : pod.path("volumes")) {
      if (volume.path("name").asText().equals(name)) {
        return volume;
      }
    }
    throw new AssertionError("there is no volume " + name);
  }

  private Path source(JsonNode volume) throws IOException {
    if (volume.has("hostPath")) {
      Path path = Path.of(volume.at("/hostPath/path").asText());
      // The kernel's own: they show the network namespace of whoever looks.
      Path source = path.startsWith("/proc") ? path : machine.host(path);
      String type = volume.at("/hostPath/type").asText();
      switch (type) {
        case "DirectoryOrCreate" -> Files.createDirectories(source);
        case "FileOrCreate" -> {
          if (!Files.exists(source)) {
            Files.createDirectories(source.resolveSibling("."));
            Files.createFile(source);
          }
        }
        case "Directory" -> {}
        default -> throw new AssertionError("an unknown type of hostPath: " + type);
      }
      return source;
    }
    if (volume.has("configMap")) {
      return machine.configMap();
    }
    if (volume.has("projected")) {
      return machine.account();
    }
    throw new AssertionError("an unknown volume: " + volume);
  }
}
