-- What each add saw beside its access point, a row for each.
--
-- A body has five places for neighbours and says how many are filled; an empty place is nobody.
SELECT n, user_id, neighbour_1_id AS neighbour_id FROM adds WHERE neighbours >= 1
UNION ALL
SELECT n, user_id, neighbour_2_id AS neighbour_id FROM adds WHERE neighbours >= 2
UNION ALL
SELECT n, user_id, neighbour_3_id AS neighbour_id FROM adds WHERE neighbours >= 3
UNION ALL
SELECT n, user_id, neighbour_4_id AS neighbour_id FROM adds WHERE neighbours >= 4
UNION ALL
SELECT n, user_id, neighbour_5_id AS neighbour_id FROM adds WHERE neighbours >= 5
