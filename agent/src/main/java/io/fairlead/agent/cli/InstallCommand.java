package io.fairlead.agent.cli;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.Version;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.install.CniInstallation;
import io.fairlead.agent.install.SeccompProfile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code fairlead install}: what a node must have before an agent's container can be made. The
 * agent itself then needs no folder of the host that programs are run from.
 *
 * @param cniBinary what came with this program, or null
 * @param profile likewise
 */
record InstallCommand(@Nullable Path cniBinary, @Nullable Path profile) implements Command {

  private static final String SECCOMP_DIR = "--seccomp-dir";
  private static final String SECCOMP_NAME = "--seccomp-name";

  /** With the files of this program's own distribution. */
  static InstallCommand ofDistribution() {
    return new InstallCommand(CniInstallation.bundledBinary(), SeccompProfile.bundled());
  }

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "install",
            "Put the CNI binary and the seccomp profile of this version where the container"
                + " runtime and the kubelet look for them. Needs no agent; what is equal already"
                + " is left alone, and nothing else is touched.");
    spec.addOption(
        OptionSpec.builder(ConfigurationKey.CNI_BINARY_DIR.flag())
            .paramLabel("DIR")
            .type(String.class)
            .description("install the CNI binary here, such as /opt/cni/bin")
            .build());
    spec.addOption(
        OptionSpec.builder(SECCOMP_DIR)
            .paramLabel("DIR")
            .type(String.class)
            .description("install the seccomp profile here, such as /var/lib/kubelet/seccomp")
            .build());
    spec.addOption(
        OptionSpec.builder(SECCOMP_NAME)
            .paramLabel("NAME")
            .type(String.class)
            .description("the profile's name there (default " + defaultName() + ")")
            .build());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead install --cni-bin-dir /opt/cni/bin%n"
                + "  fairlead install --cni-bin-dir /host/opt/cni/bin"
                + " --seccomp-dir /host/seccomp --seccomp-name fairlead-1.json")
        .exitCodeList(Map.of("0", "everything is in its place", "1", "something is not"));
    return spec;
  }

  private static String defaultName() {
    return "fairlead-" + Version.current() + ".json";
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal)
      throws ConfigurationException, AgentException {
    boolean binary = given(parsed, ConfigurationKey.CNI_BINARY_DIR.flag()) != null;
    SeccompProfile seccomp = seccomp(parsed);
    if (!binary && seccomp == null) {
      throw new ConfigurationException(
          List.of(
              "There is nothing to install. Give --cni-bin-dir DIR, --seccomp-dir DIR, or both"));
    }
    List<String> problems = new ArrayList<>();
    if (binary) {
      CniInstallation installation =
          new CniInstallation(Configured.reader(parsed).read(), cniBinary);
      attempt("The CNI binary", installation::installBinary, problems, terminal);
    }
    if (seccomp != null) {
      attempt("The seccomp profile", seccomp::install, problems, terminal);
    }
    terminal.out().flush();
    if (!problems.isEmpty()) {
      throw new AgentException(String.join("\n", problems), null);
    }
    return Main.OK;
  }

  private static @Nullable SeccompProfile bound(
      @Nullable String folder, String name, @Nullable Path profile) throws ConfigurationException {
    if (folder == null) {
      return null;
    }
    try {
      return new SeccompProfile(Path.of(folder).toAbsolutePath().normalize(), name, profile);
    } catch (InvalidPathException e) {
      throw new ConfigurationException(
          List.of(SECCOMP_DIR + " \"" + folder + "\" is not a path. Name a folder"));
    }
  }

  private @Nullable SeccompProfile seccomp(ParseResult parsed) throws ConfigurationException {
    String folder = given(parsed, SECCOMP_DIR);
    String named = given(parsed, SECCOMP_NAME);
    if (named != null && folder == null) {
      throw new ConfigurationException(
          List.of(
              SECCOMP_NAME + " names a file in a folder that is not given. Give --seccomp-dir"));
    }
    String name = named != null ? named : defaultName();
    if (!SeccompProfile.isName(name)) {
      throw new ConfigurationException(
          List.of(
              SECCOMP_NAME
                  + " \""
                  + name
                  + "\" cannot be a profile's name. Use letters, digits, _ . - and end it in"
                  + " .json"));
    }
    return bound(folder, name, profile);
  }

  /** A flag that was given empty, as scripts do, was not given. */
  private static @Nullable String given(ParseResult parsed, String flag) {
    String value = CommandLineTree.value(parsed, flag);
    return value == null || value.isBlank() ? null : value;
  }

  /** Installs something; returns what changed. */
  private interface Installation {
    Optional<Path> install() throws IOException;
  }

  private static void attempt(
      String what, Installation installation, List<String> problems, Terminal terminal) {
    try {
      Optional<Path> installed = installation.install();
      terminal
          .out()
          .println(
              installed
                  .map(path -> what + " was installed as " + path + ".")
                  .orElse(what + " is as it should be."));
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }
}
