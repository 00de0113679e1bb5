done-question-asked = Your question is with the buyer, who cannot see that you asked.
done-question-answered = The answer is now public.
error-own-tender = A company cannot take part in its own tender
error-questions-ended = Questions ended at { $until }
error-question-answered = This question has been answered
error-answers-ended = The deadline has passed; answers are no longer taken
clarification-question = Question
clarification-answer = Answer
