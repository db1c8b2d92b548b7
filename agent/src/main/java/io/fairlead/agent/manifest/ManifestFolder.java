package io.fairlead.agent.manifest;

import io.fairlead.agent.kube.ManifestId;
import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.agent.source.SkippedObjects;
import io.fairlead.dataplane.model.ObjectChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the files of a folder mean together. If several files describe one object, the first by name
 * counts. Pure: it is told of files' contents and tells of changes. Not thread-safe.
 */
final class ManifestFolder {

  private final Consumer<ObjectChange> sink;
  private final SkippedObjects skipped;

  /** For each file its objects, without those that could never be read. */
  private final Map<String, Map<ManifestId, ManifestObject>> files = new HashMap<>();

  /** For each object the files that hold it, in the order of their names. */
  private final Map<ManifestId, NavigableMap<String, ManifestObject>> holders = new HashMap<>();

  private final Map<ManifestId, ObjectChange> delivered = new HashMap<>();

  ManifestFolder(Consumer<ObjectChange> sink, SkippedObjects skipped) {
    this.sink = sink;
    this.skipped = skipped;
  }

  /** The files known, by name. */
  Set<String> fileNames() {
    return Set.copyOf(files.keySet());
  }

  /** Whether {@code file} is known to hold objects. */
  boolean holdsObjects(String file) {
    return !files.getOrDefault(file, Map.of()).isEmpty();
  }

  /**
   * Replaces a file's contents; an empty list means that the file is gone. An object that could not
   * be read keeps what the same file said of it before.
   */
  void replace(String file, List<ManifestObject> objects) {
    Map<ManifestId, ManifestObject> before = files.getOrDefault(file, Map.of());
    Map<ManifestId, ManifestObject> after = new LinkedHashMap<>();
    for (ManifestObject object : objects) {
      ManifestObject now = object;
      ManifestObject earlier = before.get(object.id());
      if (object.change() == null && earlier != null) {
        now = new ManifestObject(object.id(), object.place(), earlier.change(), object.problems());
      }
      ManifestObject first = after.putIfAbsent(now.id(), now);
      if (first != null) {
        after.put(first.id(), withProblem(first, "it is repeated at " + now.place()));
      }
    }
    if (after.isEmpty()) {
      files.remove(file);
    } else {
      files.put(file, after);
    }
    Set<ManifestId> touched = new HashSet<>(before.keySet());
    touched.addAll(after.keySet());
    for (ManifestId id : touched) {
      hold(id, file, after);
      deliver(id, file);
    }
  }

  private void hold(ManifestId id, String file, Map<ManifestId, ManifestObject> objects) {
    NavigableMap<String, ManifestObject> byFile = holders.computeIfAbsent(id, _ -> new TreeMap<>());
    ManifestObject object = objects.get(id);
    if (object != null) {
      byFile.put(file, object);
    } else {
      byFile.remove(file);
      if (byFile.isEmpty()) {
        holders.remove(id);
      }
    }
  }

  /**
   * @param file what changed
   */
  private void deliver(ManifestId id, String file) {
    NavigableMap<String, ManifestObject> byFile = holders.get(id);
    if (byFile == null) {
      report(id, List.of());
      if (delivered.remove(id) != null) {
        sink.accept(ManifestReader.gone(id).at(file));
      }
      return;
    }
    ManifestObject winner = byFile.firstEntry().getValue();
    List<String> problems = new ArrayList<>();
    winner.problems().forEach(problem -> problems.add(winner.place() + ": " + problem));
    byFile.values().stream()
        .skip(1)
        .forEach(other ->
            problems.add(other.place() + " describes it again; " + winner.place() + " counts"));
    report(id, problems);
    ObjectChange change = winner.change();
    if (change == null) {
      change = ManifestReader.unreadable(id);
    }
    if (!change.equals(delivered.put(id, change))) {
      sink.accept(change.at(winner.place()));
    }
  }

  private void report(ManifestId id, List<String> problems) {
    skipped.update(id.kind(), id.key().toString(), problems);
  }

  private static ManifestObject withProblem(ManifestObject object, String problem) {
    List<String> problems = new ArrayList<>(object.problems());
    problems.add(problem);
    return new ManifestObject(object.id(), object.place(), object.change(), problems);
  }
}
