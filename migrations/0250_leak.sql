-- What somebody reports of a leak is a request to the officer with a shorter day.
INSERT INTO complaint_kind (code) VALUES ('leak');
