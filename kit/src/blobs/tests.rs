use bytes::Bytes;

use super::{BadName, BlobName, Blobs, Error};
use crate::random::Random;

fn two_regions() -> (tempfile::TempDir, Blobs) {
    let root = tempfile::tempdir().expect("a temporary folder");
    let blobs = Blobs::local(root.path(), &["cn-north", "cn-south"]).expect("folders can be made");
    (root, blobs)
}

#[tokio::test]
async fn a_blob_lives_in_its_region_until_it_is_deleted() -> Result<(), Error> {
    let (root, blobs) = two_regions();
    let name = BlobName::new(&Random::seeded(1));
    blobs.put("cn-north", name, Bytes::from_static(b"price list")).await?;

    assert_eq!(blobs.get("cn-north", name).await?, "price list");
    assert_eq!(blobs.list("cn-north").await?, [name]);
    assert_eq!(blobs.list("cn-south").await?, []);
    let elsewhere = blobs.get("cn-south", name).await.expect_err("another region's");
    assert!(matches!(&elsewhere, Error::Missing { region, .. } if region == "cn-south"));
    let file = root.path().join("cn-north").join(&name.to_string()[..2]).join(&name.to_string()[2..]);
    assert!(file.is_file());

    // Opened anew, it is still there.
    let again = Blobs::local(root.path(), &["cn-north"])?;
    assert_eq!(again.get("cn-north", name).await?, "price list");

    blobs.delete("cn-north", name).await?;
    blobs.delete("cn-north", name).await?;
    assert_eq!(blobs.list("cn-north").await?, []);
    Ok(())
}

#[tokio::test]
async fn nothing_is_overwritten() -> Result<(), Error> {
    let (_root, blobs) = two_regions();
    let name = BlobName::new(&Random::seeded(2));
    blobs.put("cn-north", name, Bytes::from_static(b"first")).await?;
    let refused = blobs.put("cn-north", name, Bytes::from_static(b"second")).await.expect_err("it exists");
    assert_eq!(
        refused.to_string(),
        format!("blob {name} exists in region cn-north; a blob is never overwritten, draw another name")
    );
    assert_eq!(blobs.get("cn-north", name).await?, "first");
    Ok(())
}

#[tokio::test]
async fn of_many_writers_of_one_name_one_wins() -> Result<(), Error> {
    let (_root, blobs) = two_regions();
    let name = BlobName::new(&Random::seeded(3));
    let content = |writer: u8| Bytes::from(vec![writer; 200_000]);
    let written = futures::future::join_all((0..16).map(|writer| blobs.put("cn-north", name, content(writer)))).await;
    assert_eq!(written.iter().filter(|result| result.is_ok()).count(), 1);
    let read = blobs.get("cn-north", name).await?;
    assert!(read.len() == 200_000 && read.iter().all(|byte| *byte == read[0]));
    assert_eq!(blobs.list("cn-north").await?, [name]);
    Ok(())
}

#[tokio::test]
async fn what_lies_in_the_folder_and_is_not_ours_is_left_out() -> Result<(), Error> {
    let (root, blobs) = two_regions();
    std::fs::write(root.path().join("cn-north/README"), "by hand").expect("a file");
    let names: Vec<_> = (0..20).map(|seed| BlobName::new(&Random::seeded(seed))).collect();
    for name in &names {
        blobs.put("cn-north", *name, Bytes::new()).await?;
    }
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(blobs.list("cn-north").await?, sorted);
    Ok(())
}

#[tokio::test]
async fn regions_are_known_and_well_named() {
    let (root, blobs) = two_regions();
    let name = BlobName::new(&Random::seeded(4));
    let unknown = blobs.get("eu", name).await.expect_err("not configured");
    assert_eq!(unknown.to_string(), "region eu keeps no blobs here; those that do: cn-north, cn-south");
    for region in ["", "..", "a/b", "CN"] {
        assert!(matches!(Blobs::local(root.path(), &[region]), Err(Error::RegionName(_))), "{region}");
    }
    std::fs::write(root.path().join("taken"), "").expect("a file");
    assert!(matches!(Blobs::local(root.path(), &["taken"]), Err(Error::Folder { .. })));
}

#[test]
fn a_name_is_read_as_it_was_written() {
    let name = BlobName::new(&Random::seeded(5));
    assert_eq!(name.to_string().parse(), Ok(name));
    for text in ["", "abc", "../../etc/passwd", &name.to_string().to_uppercase()] {
        assert_eq!(text.parse::<BlobName>(), Err(BadName), "{text}");
    }
}
