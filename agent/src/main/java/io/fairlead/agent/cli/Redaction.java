package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of texts what nobody else may read: the secrets of a kubeconfig, of a pod's service
 * account, and whatever looks like a token or a private key.
 */
final class Redaction {

  private static final String LEFT_OUT = "[left out]";
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/token";

  /** Fields of a kubeconfig (client-go, clientcmd/api/v1) that are secrets. */
  private static final Set<String> SECRET =
      Set.of(
          "token",
          "password",
          "client-key-data",
          "client-certificate-data",
          "id-token",
          "refresh-token",
          "client-secret",
          "access-token");

  /** Fields that name files with secrets. */
  private static final Set<String> SECRET_FILE = Set.of("tokenFile", "client-key");

  /** Shorter ones would be found where they are none. */
  private static final int SHORTEST = 6;

  private static final List<Pattern> SUSPICIOUS =
      List.of(
          Pattern.compile("(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*KEY-----"),
          Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
          Pattern.compile("(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{8,}"));

  private final Set<String> secrets =
      new TreeSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(String::toString));

  /** Knows the secrets of a kubeconfig, which may be null or not there. */
  static Redaction of(@Nullable Path kubeconfig) {
    Redaction redaction = new Redaction();
    redaction.addFile(Path.of(ACCOUNT));
    if (kubeconfig != null) {
      try {
        JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(kubeconfig));
        redaction.add(tree, kubeconfig.toAbsolutePath().normalize());
      } catch (JsonProcessingException e) {
        redaction.addFile(kubeconfig); // Nobody can say what in it is secret.
      } catch (IOException e) {
        // Without the file there is nothing to find in the texts, either.
      }
    }
    return redaction;
  }

  private void add(JsonNode node, Path kubeconfig) {
    node.properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          if (value.isValueNode() && SECRET.contains(field.getKey())) {
            add(value.asText());
          } else if (value.isTextual() && SECRET_FILE.contains(field.getKey())) {
            addFile(kubeconfig.resolveSibling(value.asText()));
          } else {
            add(value, kubeconfig);
          }
        });
    if (node.isArray()) {
      node.forEach(element -> add(element, kubeconfig));
    }
  }

  private void addFile(Path file) {
    try {
      String text = Files.readString(file).strip();
      add(text);
      text.lines().filter(line -> !line.startsWith("-----")).forEach(this::add);
    } catch (IOException e) {
      // What cannot be read here has not come into the texts from here.
    }
  }

  private void add(String secret) {
    String word = secret.strip();
    if (word.length() >= SHORTEST) {
      secrets.add(word);
    }
  }

  /** The text without them. */
  String apply(String text) {
    String safe = text;
    for (String secret : secrets) {
      safe = safe.replace(secret, LEFT_OUT);
    }
    for (Pattern pattern : SUSPICIOUS) {
      safe = pattern.matcher(safe).replaceAll(LEFT_OUT);
    }
    return safe;
  }
}
