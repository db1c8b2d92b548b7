package io.fairlead.agent.manifest;

import io.fairlead.agent.kube.ManifestException;
import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SkippedObjects;
import io.fairlead.agent.source.SourceException;
import io.fairlead.agent.source.SourceStatus;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.agent.watch.FolderWatch;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of manifests as a source: its files that end in .yaml, .yml or .json and do not begin
 * with a dot. A file is read once it has stood still for a moment, so that one in the middle of
 * being written is not taken for its whole; one that is not well-formed is reported and what it
 * said before stays, over a restart of the agent too. Deleting a file deletes its objects; emptying
 * it does not, since that is how many programs begin to write.
 */
public final class ManifestSource implements ClusterSource {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestSource.class);

  /** A file changed less than this long ago may still be being written. */
  private static final long SETTLE_MILLISECONDS = 15;

  private record Signature(long size, long modified, @Nullable Object inode) {}

  private final Path folder;
  private final String nodeName;
  private final LastGoodCopies copies;
  private final SkippedObjects skipped = new SkippedObjects();

  /** Everything below is used by the watch's thread, except what is volatile. */
  private final ManifestReader reader = new ManifestReader();

  private final Map<String, Signature> read = new HashMap<>();
  private final Map<String, Signature> unsettled = new HashMap<>();
  private volatile boolean synced;
  private volatile long lastActivity = System.nanoTime();
  private volatile @Nullable String problem;
  private volatile @Nullable NodeRecord ownNode;
  private @Nullable FolderWatch watch;

  /**
   * @param nodeName the own Node's name
   * @param copies a folder of its own, for what the manifests said when they could last be read
   */
  public ManifestSource(Path folder, String nodeName, Path copies) {
    this.folder = folder;
    this.nodeName = nodeName;
    this.copies = new LastGoodCopies(copies);
  }

  @Override
  public void start(Consumer<ObjectChange> sink) throws SourceException {
    ManifestFolder objects =
        new ManifestFolder(
            change -> {
              if (change instanceof NodeChanged node && node.name().equals(nodeName)) {
                ownNode = node.node();
              }
              sink.accept(change);
            },
            skipped);
    try {
      watch = FolderWatch.start(folder, "manifests", names -> changed(names, objects, sink));
    } catch (NotDirectoryException e) {
      throw new SourceException(
          folder + " is a file, not a folder of manifests. Correct --manifests", e);
    } catch (NoSuchFileException e) {
      throw new SourceException(
          "There is no folder " + folder + ". Create it, or correct --manifests", e);
    } catch (IOException e) {
      throw new SourceException(
          "The folder "
              + folder
              + " cannot be watched: "
              + e.getMessage()
              + ". Check that this user may read it, and fs.inotify.max_user_instances",
          e);
    }
  }

  private long changed(
      @Nullable Set<Path> names, ManifestFolder objects, Consumer<ObjectChange> sink) {
    Set<String> candidates = new TreeSet<>(unsettled.keySet());
    if (names != null) {
      names.forEach(name -> candidates.add(name.toString()));
    } else {
      candidates.addAll(objects.fileNames());
      candidates.addAll(read.keySet());
      candidates.addAll(list());
    }
    for (String name : candidates) {
      if (isManifest(name)) {
        look(name, objects);
      }
    }
    lastActivity = System.nanoTime();
    if (!synced && unsettled.isEmpty() && problem == null) {
      synced = true;
      copies.retain(read.keySet());
      sink.accept(new Synced());
    }
    return unsettled.isEmpty() ? 0 : SETTLE_MILLISECONDS;
  }

  private Set<String> list() {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(path -> names.add(path.getFileName().toString()));
      problem = null;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      problem =
          "The folder " + folder + " cannot be listed: " + e.getMessage() + ". Check its rights";
      LOG.error("{}", problem);
    }
    return names;
  }

  private static boolean isManifest(String name) {
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private void look(String name, ManifestFolder objects) {
    Path path = folder.resolve(name);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Signature now =
          new Signature(
              attributes.size(),
              attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              attributes.fileKey());
      long age = System.currentTimeMillis() - attributes.lastModifiedTime().toMillis();
      if (!(age >= SETTLE_MILLISECONDS) && !now.equals(unsettled.put(name, now))) {
        return;
      }
      unsettled.remove(name);
      if (attributes.isRegularFile() && !now.equals(read.get(name))) {
        boolean first = read.put(name, now) == null;
        if (attributes.size() > ManifestReader.LARGEST_FILE) {
          restore(name, objects);
          report(
              name, "it is larger than " + (ManifestReader.LARGEST_FILE >> 20) + " MiB. Split it");
        } else {
          read(name, Files.readAllBytes(path), objects, first);
        }
      }
    } catch (NoSuchFileException e) {
      unsettled.remove(name);
      if (read.remove(name) != null) {
        copies.forget(name);
        skipped.update("File", name, List.of());
        objects.replace(name, List.of());
      }
    } catch (IOException e) {
      unsettled.remove(name);
      restore(name, objects);
      report(name, "it cannot be read: " + FileReason.of(e) + ". Check its rights");
    }
  }

  /**
   * @param first whether the file was not read before
   */
  private void read(String name, byte[] bytes, ManifestFolder objects, boolean first) {
    if (first && isBlank(bytes)) {
      restore(name, objects);
    }
    if (isBlank(bytes) && objects.holdsObjects(name)) {
      report(name, "it is empty now; what it said before stays. Delete it to delete its objects");
      return;
    }
    try {
      List<ManifestObject> manifests = reader.read(name, bytes);
      boolean whole = manifests.stream().allMatch(object -> object.change() != null);
      if (first && !whole) {
        restore(name, objects);
      }
      skipped.update("File", name, List.of());
      objects.replace(name, manifests);
      if (whole) {
        copies.keep(name, bytes);
      }
    } catch (ManifestException e) {
      if (first) {
        restore(name, objects);
      }
      report(
          name, e.getMessage() + (objects.holdsObjects(name) ? "; what it said before stays" : ""));
    }
  }

  /** Begins with what an earlier agent read, where the file itself cannot be used. */
  private void restore(String name, ManifestFolder objects) {
    byte[] copy = objects.holdsObjects(name) ? null : copies.read(name);
    if (copy != null) {
      try {
        objects.replace(name, reader.read(name, copy));
      } catch (ManifestException e) {
        LOG.debug("The copy of {} cannot be read either", name, e);
      }
    }
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if ((b & 0xff) > ' ') {
        return false;
      }
    }
    return true;
  }

  private void report(String name, String sentence) {
    skipped.update("File", name, List.of(sentence));
  }

  @Override
  public List<SkippedObject> skipped() {
    return skipped.list();
  }

  @Override
  public SourceStatus status() {
    return new SourceStatus(
        folder.toString(),
        synced,
        problem,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastActivity));
  }

  /** A folder is never written to: a Node whose manifest says something else is reported. */
  @Override
  public void report(ObjectReference object, String reason, String sentence) {
    LOG.debug("{} of {}: {}", reason, object, sentence);
  }

  @Override
  public boolean hasAllPods() {
    return true;
  }

  @Override
  public void publishVtep(VtepAnnouncement announcement) {
    NodeRecord node = ownNode;
    MacAddress mac = announcement.mac();
    if (node != null && !mac.equals(node.vtepMac())) {
      LOG.warn(
          "Node {} has the VTEP {}; annotate its manifest with fairlead.io/vtep-mac: \"{}\"",
          nodeName,
          mac,
          mac);
    }
  }

  @Override
  public void close() {
    FolderWatch running = watch;
    if (running != null) {
      running.close();
    }
  }
}
