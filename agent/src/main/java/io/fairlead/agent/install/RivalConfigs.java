package io.fairlead.agent.install;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * CNI configurations of others that a runtime takes rather than ours: containerd and CRI-O read the
 * file whose name comes first, of those that end with .conf, .conflist or .json.
 */
public final class RivalConfigs {

  /** The name of the file that the agent installs. */
  public static final String OURS = CniInstallation.CONFIG_NAME;

  private RivalConfigs() {}

  /** The names of files in {@code folder} that come before {@code ours}, in order. */
  static List<String> before(Path folder, String ours) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (isConfig(name) && name.compareTo(ours) < 0 && Files.isRegularFile(file)) {
          found.add(name);
        }
      }
    }
    Collections.sort(found);
    return found;
  }

  /** Whether runtimes look at a file of this name. */
  public static boolean isConfig(String name) {
    return name.matches(".*\\.(conf|conflist|json)");
  }

  /** What that means, and the mend. */
  static String problem(Path folder, String name, String ours) {
    return "The container runtime takes "
        + folder.resolve(name)
        + " rather than "
        + ours
        + ", so this agent attaches no new pods. Remove it if its network is no longer wanted";
  }
}
